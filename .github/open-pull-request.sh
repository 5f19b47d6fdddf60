#!/usr/bin/env bash
# open-pull-request.sh BRANCH TITLE BODY_FILE: commit what changed under data/ and book/, and ask for its review.
set -euo pipefail
branch="$1" title="$2" body="$3"
if [ -z "$(git status --porcelain -- data book)" ]; then
  echo "Nothing changed."
  exit 0
fi
git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
git switch --create "$branch"
git add -- data book
git commit --quiet --message "$title"
gh auth setup-git
git push --force origin "$branch"
gh pr create --head "$branch" --title "$title" --body-file "$body" || gh pr edit "$branch" --body-file "$body"
