; Installs Partner Tokens for the user who runs it, without asking for an administrator.
; makensis gets VERSION, NUMBERS (four of them), FOLDER (the frozen program), NOTICE and OUTPUT.
Unicode true
!include MUI2.nsh
!include FileFunc.nsh

!define NAME "Partner Tokens"
!define COMMAND "partner-tokens"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define APP_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"

Target amd64-unicode
Name "${NAME}"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
SetCompressor /SOLID lzma
ManifestDPIAware true
BrandingText "${NAME} ${VERSION}"

VIProductVersion "${NUMBERS}"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "${NAME}, installer"
VIAddVersionKey CompanyName "Partner Tokens contributors"
VIAddVersionKey LegalCopyright "MIT licence"

!ifdef ICON
  !define MUI_ICON "${ICON}"
  !define MUI_UNICON "${ICON}"
!endif
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${COMMAND}.exe"
!insertmacro MUI_PAGE_LICENSE "${NOTICE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Spanish"

LangString StillRuns ${LANG_ENGLISH} "${NAME} is running. Quit it (Ctrl+Q), then try again."
LangString StillRuns ${LANG_SPANISH} "${NAME} está en marcha. Salir de él (Ctrl+Q) y volver a intentarlo."
LangString QuickCopy ${LANG_ENGLISH} "Quick copy"
LangString QuickCopy ${LANG_SPANISH} "Copia rápida"

; A program that runs cannot be replaced: Windows lets nobody write its file.
!macro RefuseWhileItRuns
  try_again:
  IfFileExists "$INSTDIR\${COMMAND}.exe" 0 free
  ClearErrors
  FileOpen $0 "$INSTDIR\${COMMAND}.exe" a
  IfErrors 0 close
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(StillRuns)" /SD IDCANCEL IDRETRY try_again
  SetErrorLevel 2
  Quit
  close:
  FileClose $0
  free:
!macroend

; Only what was installed, by name: the folder may be one that the user chose.
!macro RemoveProgram
  Delete "$INSTDIR\${COMMAND}.exe"
  Delete "$INSTDIR\${COMMAND}-cli.exe"
  RMDir /r "$INSTDIR\_internal"
!macroend

Section
  !insertmacro RefuseWhileItRuns
  !insertmacro RemoveProgram ; no module of an older version may stay among the new ones
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateDirectory "$SMPROGRAMS\${NAME}"
  CreateShortcut "$SMPROGRAMS\${NAME}\${NAME}.lnk" "$INSTDIR\${COMMAND}.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}\$(QuickCopy).lnk" "$INSTDIR\${COMMAND}.exe" "--quick"

  WriteRegStr HKCU "${APP_PATHS}\${COMMAND}.exe" "" "$INSTDIR\${COMMAND}.exe"
  WriteRegStr HKCU "${APP_PATHS}\${COMMAND}-cli.exe" "" "$INSTDIR\${COMMAND}-cli.exe"

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${COMMAND}.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "Partner Tokens contributors"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

; The tokens stay: in %LOCALAPPDATA%\partner-tokens and in the Credential Manager.
Section Uninstall
  !insertmacro RefuseWhileItRuns
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  RMDir /r "$SMPROGRAMS\${NAME}"
  DeleteRegValue HKCU "${RUN}" "${COMMAND}"
  DeleteRegKey HKCU "${APP_PATHS}\${COMMAND}.exe"
  DeleteRegKey HKCU "${APP_PATHS}\${COMMAND}-cli.exe"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
