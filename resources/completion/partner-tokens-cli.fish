# Completion of partner-tokens-cli for fish; printed by: partner-tokens-cli completion fish

function __partner_tokens_cli_offers
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l current (string unescape -- $typed; or string replace -r '^["\']' '' -- $typed)
    set -l lines ($words[1] __complete fish $words[2..-1] "=$current" 2>/dev/null </dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path $current
        case program
            set -l dashes (contains -i -- -- $words)
            set -l program (string escape -- $words[(math $dashes + 1)..-1])
            complete -C (string join -- ' ' $program $typed)
        case '*'
            printf '%s\n' $lines[2..-1]
    end
end

complete -c partner-tokens-cli -f -a '(__partner_tokens_cli_offers)'
