#!/usr/bin/env bash
# A real Slurm of one node on this machine, to try `sim submit --slurm`: Debian's slurm-wlm and munge, without systemd.
#
#   single_node.sh start      install what is missing, start munged, slurmctld and slurmd, wait until the node is idle
#   single_node.sh stop       cancel the jobs and stop the three again
#
# Everything it writes is in SLURM_HOME (default: /var/tmp/entente-slurm). It needs root, and leaves a Slurm or munge of
# the machine alone. Exit status 3: Slurm cannot be had here.
set -euo pipefail

home=${SLURM_HOME:-/var/tmp/entente-slurm}
export SLURM_CONF=$home/slurm.conf
PATH=$PATH:/usr/sbin:/sbin

cannot() { echo "$*" >&2; exit 3; }

installed() {
  local program
  for program in sbatch slurmctld slurmd munged; do command -v "$program" >/dev/null || return 1; done
}

install_it() {
  [ "$(id -u)" = 0 ] || cannot "only root can start a Slurm here"
  installed && return
  command -v apt-get >/dev/null || cannot "Slurm is not installed, and there is no apt-get: install slurm-wlm and munge"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends slurm-wlm munge; } >/dev/null 2>&1 || true
  installed || cannot "slurm-wlm and munge cannot be installed"
}

configure() {
  local name
  name=$(hostname -s)
  mkdir -p "$home"/{state,spool,munge}
  [ -s "$home/munge/key" ] || (umask 077 && head -c 1024 /dev/urandom >"$home/munge/key")
  chmod 755 "$home" "$home/munge"
  chown -R munge "$home/munge"
  cat >"$SLURM_CONF" <<CONF
ClusterName=entente
SlurmctldHost=$name(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$home/munge/socket
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
StateSaveLocation=$home/state
SlurmdSpoolDir=$home/spool
SlurmctldPidFile=$home/slurmctld.pid
SlurmdPidFile=$home/slurmd.pid
SlurmctldLogFile=$home/slurmctld.log
SlurmdLogFile=$home/slurmd.log
SlurmctldPort=16817
SlurmdPort=16818
MailProg=/bin/true
KillWait=5
NodeName=$name NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

# The process whose number is in a file, if it is alive.
alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

start() {
  install_it
  configure
  local munge=$home/munge
  alive "$munge/pid" || runuser -u munge -- munged --key-file="$munge/key" --socket="$munge/socket" \
    --pid-file="$munge/pid" --log-file="$munge/log" --seed-file="$munge/seed" || cannot "munged does not start"
  alive "$home/slurmctld.pid" || slurmctld || cannot "slurmctld does not start"
  alive "$home/slurmd.pid" || slurmd || cannot "slurmd does not start"
  for _ in $(seq 100); do
    if [ "$(sinfo -h -o %t 2>/dev/null)" = idle ]; then
      echo "Slurm is up: export SLURM_CONF=$SLURM_CONF"
      return
    fi
    sleep 0.3
  done
  tail -5 "$home"/*.log >&2 || true
  stop
  cannot "Slurm did not come up"
}

stop() {
  local file
  if alive "$home/slurmctld.pid"; then
    timeout 10 squeue -h -o %A | sort -u | xargs -r timeout 10 scancel || true
    for _ in $(seq 50); do [ -z "$(timeout 10 squeue -h)" ] && break; sleep 0.3; done
  fi
  for file in "$home"/slurmd.pid "$home"/slurmctld.pid "$home"/munge/pid; do
    alive "$file" || continue
    kill "$(cat "$file")"
    for _ in $(seq 50); do alive "$file" || break; sleep 0.1; done
  done
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
