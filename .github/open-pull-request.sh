#!/usr/bin/env bash
# open-pull-request.sh BRANCH TITLE BODY_FILE: commit what changed under data/ and book/, and ask for its review.
# A branch on which a person has committed is theirs: it is left as it is, and the run says so.
set -euo pipefail
branch="$1" title="$2" body="$3"
bot="41898282+github-actions[bot]@users.noreply.github.com"
if [ -z "$(git status --porcelain -- data book)" ]; then
  echo "Nothing changed."
  exit 0
fi
git config user.name "github-actions[bot]"
git config user.email "$bot"
gh auth setup-git
seen="" # the commit that the remote branch has, as we saw it; empty where there is none
if git fetch --quiet origin "+refs/heads/$branch:refs/remotes/origin/$branch" 2>/dev/null; then
  seen="$(git rev-parse "refs/remotes/origin/$branch")"
  # The whole history is asked for only here: a checkout of one commit cannot tell whose commits are ahead of it.
  if [ "$(git rev-parse --is-shallow-repository)" = true ]; then git fetch --quiet --unshallow origin; fi
  if [ -n "$(git log --format=%ae "HEAD..$seen" | awk -v bot="$bot" '$0 != bot')" ]; then
    echo "::warning::The branch $branch holds commits of a person, so this run leaves it as it is. Merge or delete it, then run again."
    exit 0
  fi
fi
git switch --quiet --create "$branch"
git add -- data book
git commit --quiet --message "$title"
git push --force-with-lease="refs/heads/$branch:$seen" origin "$branch"
gh pr create --head "$branch" --title "$title" --body-file "$body" || gh pr edit "$branch" --body-file "$body"
