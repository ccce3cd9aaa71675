# stage.awk - the next stage of a lexicographic round for a solver that knows one objective: the model of the last
# file, and a row for each file before it that keeps its objective as good as found.
#
#   awk -v values='-276182 -600' -f stage.awk need.mps placements.mps travel.mps
#
# The files are exports of one round, with the same rows and columns; objectives are minimised, and `values` are theirs.
FNR == 1 { file++; section = "" }
/^[A-Z]/ { section = $1 }
section == "ROWS" && $1 == "N" { objective = $2 }
file < ARGC - 1 {
    if (section == "COLUMNS")
        for (i = 2; i < NF; i += 2)
            if ($i == objective)
                cost[file, $1] = $(i + 1)
    next
}
/^COLUMNS/ {
    for (k = 1; k < file; k++)
        print " L keep" k
}
/^RHS/ { in_rhs = 1 }
in_rhs && /^(RANGES|BOUNDS|ENDATA)/ {
    split(values, value, " ")
    for (k = 1; k < file; k++)
        print " RHS1 keep" k " " value[k]
    in_rhs = 0
}
{ print }
section == "COLUMNS" && /^ / && $1 != last {
    for (k = 1; k < file; k++)
        if ((k, $1) in cost)
            print " " $1 " keep" k " " cost[k, $1]
    last = $1
}
