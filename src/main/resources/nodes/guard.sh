# Kills nodes that do not end with their supervisor, such as frozen nodes.
# Standard input: the process id of each node on a line of its own, then nothing until the supervisor ends.
# The system may have reused a process id, so the script kills a process only if it still is a supervised node.
trap '' HUP INT TERM
nodes=
while read -r node; do
  nodes="$nodes $node"
done
# The nodes have this time to end by themselves.
sleep 6
for node in $nodes; do
  case $(ps -o args= -p "$node" 2>/dev/null) in
    *' serve --supervised '*) kill -KILL "$node" ;;
  esac
done
