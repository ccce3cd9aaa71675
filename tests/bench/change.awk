# change.awk - the same world some days later: one in a hundred applicants has gone or been replaced, one in a hundred
# pools has a bed more or less.
#
#   awk -v out=DIR -f change.awk WORLD/institutions.csv WORLD/policy.json WORLD/pools.csv WORLD/applicants.csv
#
# The two take turns. Who comes has a new id, the wishes of the one who has gone and lives where the applicant on the
# line before does. Couples and residents stay as they are. Nothing is left to chance.
BEGIN { FS = OFS = "," }
FNR == 1 {
    file = FILENAME
    sub(/.*\//, "", file)
    file = out "/" file
    split("", column)
    for (c = 1; c <= NF; c++)
        column[$c] = c
}
function is_turn() { return FNR > 1 && FNR % 100 == 37 }
FILENAME ~ /pools\.csv$/ && is_turn() {
    c = column["beds_usable"]
    if (turn++ % 2 == 0)
        $c++
    else if ($c > $column["beds_occupied"])
        $c--
}
FILENAME ~ /applicants\.csv$/ {
    lat = $column["lat"]
    lon = $column["lon"]
    if (is_turn() && $column["household_id"] == "" && $column["current_pool"] == "") {
        if (gone++ % 2 == 0)
            next
        $column["applicant_id"] = "N" $column["applicant_id"]
        $column["lat"] = lat_before
        $column["lon"] = lon_before
    }
    lat_before = lat
    lon_before = lon
}
{ print > file }
