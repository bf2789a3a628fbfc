# What the completions in a file offer for each line, ended by <end>.
source $argv[1]
for line in $argv[2..-1]
    complete -C $line | string split -f 1 \t
    echo '<end>'
end
