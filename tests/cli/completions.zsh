# What the completions in a file offer for each line, ended by <end>. They only
# work where lines are typed: in a terminal of their own.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT=; autoload -Uz compinit; compinit -u -D; source ${(q)1}"
# Prints what is offered; what is only asked of the function is passed on.
zpty -w shell 'compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"; return
  fi
  local -a hits; local hit
  builtin compadd -A hits "$@"
  for hit in $hits; do print -r -- "<hit>$hit>"; done
}'
zpty -w shell 'finish() { print "<en""d>"; zle kill-whole-line; }; zle -N finish'
zpty -w shell 'bindkey "^I" complete-word "^X^F" finish; print -r "<rea""dy>"'
while zpty -r shell line; do
  [[ $line == *"<ready>"* ]] && break
done
for typed in "${@[2,-1]}"; do
  zpty -n -w shell "$typed"$'\t\x18\x06'
  while zpty -r shell line; do
    [[ $line =~ '<hit>([^>]*)>' ]] && print -r -- $match[1]
    [[ $line == *"<end>"* ]] && break
  done
  print '<end>'
done
zpty -d shell
