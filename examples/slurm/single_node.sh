#!/usr/bin/env bash
# A real Slurm of one node on this machine, for trying the array script: Debian's slurm-wlm and munge, no systemd.
#
#   single_node.sh start      install what is missing (as root), start munged, slurmctld and slurmd, wait until it is idle
#   single_node.sh stop       stop the three again
#
# Everything it writes is under SLURM_HOME (default: /var/tmp/entente-slurm). Needs root. Exit status 3: cannot be had here.
set -euo pipefail

home=${SLURM_HOME:-/var/tmp/entente-slurm}
conf=$home/slurm.conf
export SLURM_CONF=$conf

need() {
  command -v sbatch slurmctld slurmd munged >/dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Slurm is not installed, and only root on Debian can install it here: slurm-wlm munge" >&2
    exit 3
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null && apt-get install -y -qq slurm-wlm munge >/dev/null 2>&1 || { echo "slurm-wlm and munge cannot be installed" >&2; exit 3; }
}

configure() {
  mkdir -p "$home"/{state,spool,munge}
  chown -R munge "$home/munge" /etc/munge /var/log/munge /var/lib/munge 2>/dev/null || true
  [ -s /etc/munge/munge.key ] || { head -c 1024 /dev/urandom >/etc/munge/munge.key; chmod 400 /etc/munge/munge.key; chown munge /etc/munge/munge.key; }
  local name; name=$(hostname -s)
  cat >"$conf" <<CONF
ClusterName=entente
SlurmctldHost=$name(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
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
KillWait=2
NodeName=$name NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

start() {
  need
  configure
  mkdir -p /run/munge && chown munge /run/munge
  pgrep -x munged >/dev/null || runuser -u munge -- munged
  pgrep -x slurmctld >/dev/null || slurmctld
  pgrep -x slurmd >/dev/null || slurmd
  for _ in $(seq 100); do
    [ "$(sinfo -h -o %t 2>/dev/null)" = idle ] && { echo "Slurm is up: export SLURM_CONF=$conf"; return; }
    sleep 0.3
  done
  echo "Slurm did not come up; see $home/slurmctld.log and $home/slurmd.log" >&2
  tail -5 "$home"/*.log >&2
  exit 3
}

stop() {
  pkill -x slurmd || true
  pkill -x slurmctld || true
  pkill -x munged || true
}

case "${1:-}" in start) start ;; stop) stop ;; *) sed -n 2,8p "$0"; exit 2 ;; esac
