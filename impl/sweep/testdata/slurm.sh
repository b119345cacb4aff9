#!/bin/sh
# A sweep of 40 cells on a real Slurm of one node, which this script starts in a
# folder of its own and stops at the end: one task is killed, the node is
# drained, a record is cut off, the waiting tasks are cancelled; then the sweep
# is resumed and compared with a local one, bit for bit.
# Usage: slurm.sh PATH-OF-CAUSALGRAD. Installs nothing.
set -eu

program=$(realpath "$1")
missing=
for tool in slurmctld slurmd munged mungekey sbatch squeue scancel scontrol sinfo; do
	PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null || missing="$missing $tool"
done
if [ -n "$missing" ]; then
	echo "skipped: test-slurm needs$missing (Debian: slurm-wlm and munge)"
	exit 0
fi
PATH=$PATH:/usr/sbin:/sbin

dir=$(mktemp -d)
export SLURM_CONF="$dir/slurm.conf"
user=$(id -un)
host=$(hostname -s)

stop() {
	code=$?
	trap - EXIT
	scancel --user="$user" >/dev/null 2>&1 || true
	for pid in slurmd slurmctld munged; do
		if [ -s "$dir/$pid.pid" ]; then
			number=$(cat "$dir/$pid.pid")
			kill "$number" 2>/dev/null || true
			for _ in $(seq 100); do kill -0 "$number" 2>/dev/null || break; sleep 0.1; done
		fi
	done
	if [ $code -eq 0 ]; then rm -rf "$dir"; else echo "test-slurm: failed; logs and records are left in $dir"; fi
	exit $code
}
trap stop EXIT
trap 'exit 1' INT TERM

fail() {
	echo "test-slurm: $*"
	exit 1
}

# poll TEXT COMMAND...: until the command succeeds, at most 300 s.
poll() {
	what=$1
	shift
	for _ in $(seq 1500); do
		if "$@"; then return 0; fi
		sleep 0.2
	done
	fail "waited in vain: $what"
}

# --- one node -----------------------------------------------------------------
chmod 755 "$dir"
mkdir "$dir/state" "$dir/spool" "$dir/munge"
chmod 700 "$dir/munge"
mungekey --create --keyfile="$dir/munge/key"
munged --force --key-file="$dir/munge/key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
	--log-file="$dir/munge/log" --seed-file="$dir/munge/seed"
cat >"$SLURM_CONF" <<CONF
ClusterName=causalgrad
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MpiDefault=none
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=500 State=UNKNOWN
PartitionName=one Nodes=$host Default=YES MaxTime=30:00 State=UP
CONF
slurmctld
slurmd -N "$host"
node_is() { [ "$(sinfo -h -o %T)" = "$1" ]; }
poll "a node that is idle" node_is idle
echo "test-slurm: $(sinfo --version), one node with $(nproc) processors"

# --- the local sweep ------------------------------------------------------------
cd "$dir"
cat >grid.yaml <<GRID
base: {steps: 600, batch: 256, test_sequences: 256, length: 8, tokens: 3, shifted: ["dirichlet:1"]}
grid:
  graph: [chain, icl]
  alpha: [0.1, 1]
  optimiser:
    - {optimizer: sgd, lr: 1}
    - {optimizer: adamw, lr: 0.01, init_scale: 0.01}
  seed: [1, 2, 3, 4, 5]
GRID
"$program" sweep grid.yaml --records here --format json --out here.json

# --- on Slurm -------------------------------------------------------------------
"$program" sweep grid.yaml --records there --slurm --partition one --time 20:00 --mem 200M --chunk 5 --format json --out first.json
job=$(sed 's/.*"array_job":"\([0-9]*\)".*/\1/' first.json)
count() { "$program" sweep status grid.yaml --records there --format csv | sed -n "s/^$1,\([0-9]*\).*/\1/p"; }
some_done() { [ "$(count done)" -ge 3 ]; }
poll "three records" some_done

# A task is killed in the middle, without a warning.
begun() { ls there/unfinished/*.checkpoint >/dev/null 2>&1; }
poll "a checkpoint" begun
victim=$(squeue -h -r -j "$job" -t R -o %i | head -1)
[ -n "$victim" ] || fail "no task is running"
scancel --batch --signal=KILL "$victim"
echo "test-slurm: task $victim killed"

# The node is drained: what runs may end, nothing starts.
scontrol update nodename="$host" state=drain reason=test
poll "a drained node" node_is drained
queued=$(count queued)
[ "$queued" -gt 0 ] || fail "nothing is queued on the drained node"
"$program" sweep resume grid.yaml --records there --slurm --partition one --format json --out none.json 2>again.txt
grep -q "$queued cells\{0,1\} in Slurm's queue" again.txt || fail "resume does not see the queue: $(cat again.txt)"
if [ -s none.json ]; then
	echo "test-slurm: drained: $queued cells wait; resume submits the killed task's cells alone: $(cat none.json)"
else
	fail "resume has nothing to submit, but task $victim was killed: $(cat again.txt)"
fi
scancel --user="$user"
empty() { [ -z "$(squeue -h)" ]; }
poll "an empty queue" empty

# A record is cut off.
record=$(ls there/sweep-*.json | head -1)
head -c 700 "$record" >cut
cat cut >"$record"
"$program" sweep status grid.yaml --records there | sed -n '1,/all/p'
[ "$(count damaged)" = 1 ] || fail "the damaged record is not seen"
[ "$(count queued)" = "" ] || [ "$(count queued)" = 0 ] || fail "cancelled cells count as queued"

# --- resume ---------------------------------------------------------------------
scontrol update nodename="$host" state=resume
"$program" sweep resume grid.yaml --records there --slurm --partition one --chunk 3 --format json --out second.json
echo "test-slurm: resumed: $(cat second.json)"
poll "the end" empty
[ "$(count done)" = 40 ] || fail "$("$program" sweep status grid.yaml --records there)"
folder=$(sed 's/.*"folder":"\([^"]*\)".*/\1/' second.json)
cmp here.json "$folder/results.json"
[ "$(grep -c '^[0-9]' "$folder/results.csv")" = 40 ] || fail "results.csv has not 40 rows"
for record in here/sweep-*.json; do # all but the wall time and the checksum that covers it
	name=$(basename "$record")
	sed '/"sha256"/d; /"wall_seconds"/d' "here/$name" >one
	sed '/"sha256"/d; /"wall_seconds"/d' "there/$name" >other
	cmp one other
done
for weights in here/weights/*.npy; do cmp "$weights" "there/weights/$(basename "$weights")"; done
[ "$(ls here/weights | wc -l)" = 40 ] || fail "want 40 weights"
echo "test-slurm: 40 cells, the same bits as here"
