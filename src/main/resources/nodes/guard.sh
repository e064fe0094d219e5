# Kills the nodes that did not end with their supervisor by themselves, as one that is frozen cannot.
# Standard input: the process id of each node on a line of its own, then nothing until the supervisor's end.
# Process ids are used again, so only what is still such a node is killed.
trap '' HUP INT TERM
nodes=
while read -r node; do
  nodes="$nodes $node"
done
sleep 6
for node in $nodes; do
  case $(ps -o args= -p "$node" 2>/dev/null) in
    *' serve --supervised '*) kill -KILL "$node" ;;
  esac
done
