"""Supply chain: pins with hashes, licences, bill of materials, the offline bundle. For those who release the program:
`python -m gongwen.supply check|licences|sbom FILE|bundle FOLDER`."""
