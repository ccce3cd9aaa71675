# draw.awk - draws one world for the bench: writes institutions.csv, pools.csv, applicants.csv and policy.json.
#
#   awk -v out=DIR -v objectives='need;travel' -v applicants=2000 -v pools=120 ... -f draw.awk
#
# beds        beds per 1,000 applicants, met exactly
# layout      spread | clustered | point (everybody and every home in one place)
# households  % of the applicants who live in couples to be placed together
# staff       % of the homes with nursing minutes; rooms: % of the pools whose empty rooms have no sex yet
# transfers   % of the applicants who have a bed already and ask to move; reserves: % of the pools with reserved beds
# alike       1 = all applicants alike: same points, same wishes, any pool fits
# wide        1 = a home takes everybody, wherever they live and whatever they need
#
# One square kilometre per pool, so that a person has the same choice in a small world as in a large one. The random
# numbers are its own (minimal standard generator), so the same arguments give the same bytes with any awk.
function draw() { return (state = (state * 48271) % 2147483647) / 2147483647 }
function upto(n) { return int(draw() * n) }
function percent(p) { return draw() * 100 < p }
# near enough to a normal distribution, without a logarithm whose last digit depends on the library
function bell(    i, sum) {
    for (i = 0; i < 12; i++)
        sum += draw()
    return sum - 6
}

function place(    c) {
    if (layout == "point")
        x = y = side / 2
    else if (layout == "clustered") {
        c = upto(clusters)
        x = cluster_x[c] + bell() * 1.5
        y = cluster_y[c] + bell() * 1.5
    } else {
        x = draw() * side
        y = draw() * side
    }
}
function degrees() { return sprintf("%.6f,%.6f", 31 + y / 111.2, 121 + x / 95.3) }

function draw_clusters(    c) {
    side = sqrt(pools)
    clusters = int(pools / 25) + 1
    for (c = 0; c < clusters; c++) {
        cluster_x[c] = draw() * side
        cluster_y[c] = draw() * side
    }
}

function draw_homes(    h, minutes, file) {
    file = out "/institutions.csv"
    homes = int((pools + 1) / 2)
    print "institution_id,name,lat,lon,star,care_minutes" > file
    for (h = 0; h < homes; h++) {
        place()
        home_x[h] = x
        home_y[h] = y
        minutes = percent(staff) ? int(beds * applicants / 1000 / homes * 70) : ""
        printf "H%05d,Home %d,%s,%d,%s\n", h, h, degrees(), wide ? 0 : upto(6), minutes > file
    }
    close(file)
}

# Every pool has one bed when there are enough, and the rest go where the draw puts them.
function draw_beds(    p, left) {
    left = int(beds * applicants / 1000)
    for (p = 0; p < pools && left > 0; p++) {
        free[p] = 1
        left--
    }
    for (; left > 0; left--)
        free[upto(pools)]++
}

function draw_residents(    i, p) {
    for (i = 0; i < applicants; i++)
        if (percent(transfers)) {
            p = upto(pools)
            present[i] = p
            occupied[p]++
        }
}

function pool_rooms(p,    twos) {
    if (!percent(rooms) || free[p] < 2)
        return ""
    twos = int(free[p] / 2)
    if (twos < 4)
        return twos "x2"
    return int(twos / 2) "x2;" int((free[p] - 2 * int(twos / 2)) / 4) "x4"
}

function draw_pools(    p, kind, sex, low, high, fee, room, kept, file) {
    file = out "/pools.csv"
    print "pool_id,institution_id,kind,beds_usable,beds_occupied,sex,rooms,min_level,max_level,monthly_fee,reserved_for" > file
    for (p = 0; p < pools; p++) {
        kind = percent(70) ? "nursing" : percent(50) ? "dementia" : "residential"
        sex = percent(60) ? "any" : percent(50) ? "female" : "male"
        low = percent(50) ? 0 : upto(4)
        high = 6 - (percent(50) ? 0 : upto(2))
        fee = 2000 + 100 * upto(60)
        if (wide) {
            kind = "nursing"
            sex = "any"
            low = fee = 0
            high = 6
        }
        room = sex == "any" ? pool_rooms(p) : ""
        kept = percent(reserves) ? "tekun:1;dibao:" upto(3) : ""
        kind_of[p] = kind
        printf "P%05d,H%05d,%s,%d,%d,%s,%s,%d,%d,%d,%s\n", p, int(p * homes / pools), kind,
            free[p] + occupied[p], occupied[p], sex, room, low, high, fee, kept > file
    }
    close(file)
}

# Three homes near by: the nearest of ten that are drawn.
function wishes(    k, best, list, h, d, seen, turn) {
    if (!percent(40))
        return ""
    for (k = 0; k < 10; k++) {
        h = upto(homes)
        seen[h] = (home_x[h] - x) ^ 2 + (home_y[h] - y) ^ 2
    }
    for (turn = 0; turn < 3; turn++) {
        best = -1
        for (h in seen)
            if (best < 0 || seen[h] < d || (seen[h] == d && h + 0 < best)) {
                best = h + 0
                d = seen[h]
            }
        if (best < 0)
            break
        list = list (turn ? ";" : "") sprintf("H%05d", best)
        delete seen[best]
    }
    return list
}

function resident_kind(i) { return i in present ? kind_of[present[i]] : "" }

function kinds(i,    first, second) {
    if (wide || alike)
        return "nursing"
    first = percent(70) ? "nursing" : percent(50) ? "dementia" : "residential"
    second = percent(30) ? "nursing" : ""
    if (resident_kind(i) != "")
        return resident_kind(i)
    return second == "" || second == first ? first : first ";" second
}

# All that a person brings, but for the columns that name other people.
function person(i,    level, when, sex, group, limit, fee, star, wish) {
    level = alike ? 3 : upto(7)
    when = alike ? "2024-06-01" : sprintf("%d-%02d-%02d", 2022 + upto(3), 1 + upto(12), 1 + upto(28))
    sex = percent(65) ? "female" : "male"
    group = alike ? "" : percent(4) ? "tekun" : percent(10) ? "dibao" : ""
    limit = (layout == "clustered" ? 3000 : 4000) + upto(4500)
    fee = percent(50) ? "" : 3000 + 500 * upto(12)
    star = percent(20) ? 1 + upto(3) : 0
    wish = wishes()
    if (wide) {
        limit = fee = ""
        star = 0
    }
    return when "," degrees() "," level "," kinds(i) "," sex "," group "," (alike ? "" : wish) "," limit "," fee "," star
}

function draw_applicants(    i, couple, partner, home, file) {
    file = out "/applicants.csv"
    print "applicant_id,applied_at,lat,lon,level,kinds,sex,class,preferences,max_distance_m,max_fee,min_star," \
        "household_id,current_pool" > file
    for (i = 0; i < applicants; i++) {
        partner = couple && i % 2 == 1
        if (!partner)
            place()
        couple = i % 2 == 0 ? percent(households) : couple
        home = i in present ? sprintf("P%05d", present[i]) : ""
        printf "A%06d,%s,%s,%s\n", i, person(i), couple ? sprintf("C%06d", int(i / 2)) : "", home > file
    }
    close(file)
}

# Everybody has a point: then a plan with the greatest need also places the most, and no solver has to be asked for both.
function write_policy(    list, file) {
    file = out "/policy.json"
    list = objectives
    gsub(/;/, "\", \"", list)
    printf "{ \"name\": \"bench\", \"version\": 1, \"objectives\": [\"%s\"],\n", list > file
    print "  \"guarantee_classes\": [\"tekun\"], \"lottery_seed\": \"bench\", \"reserve\": \"hard\"," > file
    print "  \"points\": [" > file
    print "    {\"name\": \"level\", \"type\": \"table\", \"field\": \"level\", \"points\":" > file
    print "      {\"0\": 5, \"1\": 10, \"2\": 20, \"3\": 40, \"4\": 70, \"5\": 90, \"6\": 110}}," > file
    print "    {\"name\": \"class\", \"type\": \"table\", \"field\": \"class\", \"points\": {\"tekun\": 60, \"dibao\": 30}}," > file
    print "    {\"name\": \"wait\", \"type\": \"per_day\", \"field\": \"applied_at\", \"points\": 1, \"cap\": 365}] }" > file
    close(file)
}

BEGIN {
    state = 20250301 + seed
    draw_clusters()
    draw_homes()
    draw_beds()
    draw_residents()
    draw_pools()
    draw_applicants()
    write_policy()
}
