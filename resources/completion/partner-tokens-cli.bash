# Completion of partner-tokens-cli for bash; printed by: partner-tokens-cli completion bash
#
# The program splits the line and quotes what it offers, for it knows the rules of bash.

_partner_tokens_cli() {
    local line first=1 at
    COMPREPLY=()
    while IFS= read -r line; do
        if (( first )); then
            first=0
            case $line in
                files)
                    compopt -o default
                    return
                    ;;
                program)
                    for (( at = 1; at < COMP_CWORD; at++ )); do
                        [[ ${COMP_WORDS[at]} == -- ]] && break
                    done
                    if declare -F _command_offset > /dev/null; then
                        _command_offset $(( at + 1 ))
                    elif (( COMP_CWORD == at + 1 )); then
                        mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}")
                    else
                        compopt -o default
                    fi
                    return
                    ;;
            esac
        else
            COMPREPLY+=("$line")
        fi
    done < <("$1" __complete bash "$COMP_WORDBREAKS" "=${COMP_LINE:0:COMP_POINT}" 2> /dev/null < /dev/null)
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == --*= ]] && compopt -o nospace
}

complete -F _partner_tokens_cli partner-tokens-cli
