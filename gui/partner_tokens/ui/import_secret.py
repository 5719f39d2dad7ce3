"""Editing an API token in its row of the preview: pasted anew, behind bullets."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.ui.api_token_field import SENSITIVE
from partner_tokens.ui.import_model import ImportModel

Index = QModelIndex | QPersistentModelIndex


class SecretEditing(QStyledItemDelegate):
    """The editor begins empty, and what is in it goes to the model as a Secret, by no role."""

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,  # noqa: ARG002  # Qt's signature
        index: Index,  # noqa: ARG002
    ) -> QWidget:
        line = QLineEdit(parent)
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setInputMethodHints(SENSITIVE)
        line.setPlaceholderText(_("Paste it here"))
        line.setAccessibleName(_("API token"))
        line.setAccessibleDescription(_("Takes the place of the one in this row."))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Nothing is told: a token that was read is never shown, and what is typed stays."""

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and isinstance(model, ImportModel):
            text = editor.text()
            if text.strip():
                model.replace_secret(index.row(), Secret(text))
