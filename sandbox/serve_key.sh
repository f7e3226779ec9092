#!/bin/sh
# What a deploy key may do over SSH: fetch from the repositories that hold it, and nothing else.
# The SSH server runs this instead of what was asked for, which it puts into SSH_ORIGINAL_COMMAND.
# Arguments: the folder, then one MARK:UUID:WORKSPACE/REPOSITORY for each repository the key opens.
folder=$1
shift

refuse() {
    echo "$1" >&2
    exit 1
}

case $SSH_ORIGINAL_COMMAND in
    "git-upload-pack '"*"'") name=${SSH_ORIGINAL_COMMAND#"git-upload-pack '"} is_push= ;;
    "git-receive-pack '"*"'") name=${SSH_ORIGINAL_COMMAND#"git-receive-pack '"} is_push=yes ;;
    *) refuse "You are signed in with a deploy key. It is for git only: there is no shell here." ;;
esac
name=${name%"'"}
name=${name#/}
name=${name%.git}

found=
for entry in "$@"; do
    if [ "${entry##*:}" = "$name" ]; then
        found=$entry
        break
    fi
done
# Bitbucket's words for both refusals, as people quote them:
# https://community.atlassian.com/t5/Bitbucket-questions/Unable-to-push-code-to-my-private-repo/qaq-p/708507
[ -n "$found" ] || refuse "repository access denied. deployment key is not associated with the requested repository."
[ -z "$is_push" ] || refuse "repository access denied. access via a deployment key is read-only."

mark=${found%%:*}
uuid=${found#*:}
uuid=${uuid%%:*}
: > "$folder/spool/used-$mark"

# The sandbox makes a repository when somebody first asks for it.
repository=$folder/git/$uuid.git
tries=0
while [ ! -d "$repository" ]; do
    : > "$folder/spool/wanted-$uuid"
    tries=$((tries + 1))
    [ "$tries" -le 100 ] || refuse "The sandbox is not there to make this repository."
    sleep 0.1
done

# Nobody's own configuration; and the repositories may be another user's, whose folder this is.
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
exec git upload-pack --strict "$repository"
