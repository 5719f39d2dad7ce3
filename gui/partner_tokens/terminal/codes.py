"""What the exit code of the terminal program says."""

DONE = 0
SOME = 1
"""`expiring` has found some: what a monitor or a cron job takes for a reason to speak up."""
USAGE = 2
NOT_ONE = 3
REFUSED = 4
SERVICE = 5
STORAGE = 6
PASSCODE = 7
BUG = 70
"""As sysexits.h has it, apart from SOME: a cron job is not to take one for the other."""
NOBODY_READS = 141
"""As a shell sees a program that SIGPIPE has ended."""
