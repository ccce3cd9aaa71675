# libsolver: eligibility, the model, GLPK, prices, checks, explanations. Knows models.
noinst_LIBRARIES += libsolver.a
libsolver_a_SOURCES = \
	solver/bound.c solver/bound.h \
	solver/bound_homes.c solver/bound_homes.h \
	solver/budget.c solver/budget.h \
	solver/candidates.c solver/candidates.h \
	solver/compare.c solver/compare.h \
	solver/components.c solver/components.h \
	solver/cuts.c solver/cuts.h \
	solver/cuts_basis.c solver/cuts_basis.h \
	solver/cuts_combine.c solver/cuts_combine.h \
	solver/cuts_odd.c solver/cuts_odd.h \
	solver/cuts_round.h \
	solver/confirm.c solver/confirm.h \
	solver/core.c solver/core.h \
	solver/core_basis.c solver/core_basis.h \
	solver/core_bound.c solver/core_bound.h \
	solver/choices.c solver/choices.h \
	solver/core_sums.c solver/core_sums.h \
	solver/coupled.c solver/coupled.h \
	solver/coupled_proof.c solver/coupled_proof.h \
	solver/coupled_bounds.c solver/coupled_bounds.h \
	solver/coupled_cuts.c solver/coupled_cuts.h \
	solver/coupled_design.c solver/coupled_design.h \
	solver/coupled_ahead.c solver/coupled_ahead.h \
	solver/coupled_basis.c solver/coupled_basis.h \
	solver/coupled_dive.c solver/coupled_dive.h \
	solver/coupled_fill.c solver/coupled_fill.h \
	solver/coupled_household.c solver/coupled_household.h \
	solver/coupled_anneal.c solver/coupled_anneal.h \
	solver/coupled_large.c solver/coupled_large.h \
	solver/coupled_look.c solver/coupled_look.h \
	solver/coupled_moves.c solver/coupled_moves.h \
	solver/coupled_network.c solver/coupled_network.h \
	solver/coupled_part.c solver/coupled_part.h \
	solver/coupled_plan.c solver/coupled_plan.h \
	solver/coupled_reference.c solver/coupled_reference.h \
	solver/coupled_rest.c solver/coupled_rest.h \
	solver/coupled_relax.c solver/coupled_relax.h \
	solver/coupled_run.c solver/coupled_run.h \
	solver/coupled_search.c solver/coupled_search.h \
	solver/coupled_serial.c solver/coupled_serial.h \
	solver/coupled_slots.c solver/coupled_slots.h \
	solver/coupled_stage.c solver/coupled_stage.h \
	solver/coupled_start.c solver/coupled_start.h \
	solver/coupled_sweep.c solver/coupled_sweep.h \
	solver/coupled_ties.c solver/coupled_ties.h \
	solver/descent.c solver/descent.h solver/descent_inside.h \
	solver/descent_bound.c solver/descent_homes.c solver/descent_polish.c \
	solver/descent_powers.c solver/descent_powers.h solver/descent_ways.c solver/descent_ways.h \
	solver/descent_load.c solver/descent_value.c \
	solver/eligibility.c solver/eligibility.h \
	solver/eligibility_sentence.c \
	solver/exchange.c solver/exchange.h \
	solver/envy.c solver/envy.h \
	solver/again.c solver/again.h \
	solver/explain.c solver/explain.h \
	solver/explain_again.c \
	solver/explain_change.c \
	solver/explain_envy.c \
	solver/explain_facts.c solver/explain_facts.h solver/explain_facts_new.c \
	solver/explain_gains.c \
	solver/explain_json.c \
	solver/explain_words.c \
	solver/explain_words_pool.c \
	solver/export.c solver/export.h \
	solver/face.c solver/face.h \
	solver/glpk_core.c solver/glpk_core.h \
	solver/glpk_guard.c solver/glpk_guard.h \
	solver/glpk_lp.c solver/glpk_lp.h \
	solver/glpk_master.c solver/glpk_master.h \
	solver/glpk_master_limits.c \
	solver/glpk_mip.c solver/glpk_mip.h solver/glpk_mip_inside.h solver/glpk_mip_tree.c \
	solver/glpk_steps.c solver/glpk_steps.h \
	solver/greatest.c solver/greatest.h \
	solver/greatest_next.c solver/greatest_inside.h \
	solver/greedy.c solver/greedy.h \
	solver/heap.c solver/heap.h \
	solver/knapsack.c solver/knapsack.h \
	solver/least.c solver/least.h \
	solver/margin.c solver/margin.h \
	solver/matroid.c solver/matroid.h \
	solver/matroid_search.c solver/matroid_search.h \
	solver/members.c solver/members.h \
	solver/model.c solver/model.h \
	solver/model_check.c \
	solver/model_names.c \
	solver/model_cuts.c solver/model_cuts.h \
	solver/model_staff.c solver/model_staff.h \
	solver/near.c solver/near_again.c solver/near_graph.c solver/near_waiting.c solver/near.h \
	solver/near_inside.h solver/near_waiting.h \
	solver/network.c solver/network.h \
	solver/packed.c solver/packed.h \
	solver/network_tree.c solver/network_tree.h \
	solver/prices.c solver/prices.h \
	solver/problem.c solver/problem.h solver/problem_new.c \
	solver/problem_coupled.c solver/problem_coupled.h \
	solver/problem_pairs.c solver/problem_pairs.h \
	solver/repair.c solver/repair.h \
	solver/repair_rows.c solver/repair_rows.h \
	solver/repair_search.c solver/repair_search.h \
	solver/repair_shift.c solver/repair_shift.h \
	solver/result.c solver/result.h \
	solver/shadow.c solver/shadow.h \
	solver/simplex.c solver/simplex.h \
	solver/solver.c solver/solver.h solver/solver_options.h \
	solver/ties.c solver/ties.h \
	solver/transport.c solver/transport.h \
	solver/transport_auction.c solver/transport_auction.h \
	solver/transport_rows.c solver/transport_rows.h \
	solver/transport_sample.c solver/transport_sample.h \
	solver/transport_search.c solver/transport_search.h \
	solver/transport_single.c solver/transport_single.h \
	solver/tree.c solver/tree.h solver/tree_inside.h \
	solver/tree_branch.c \
	solver/tree_dive.c \
	solver/tree_node.c \
	solver/verify.c solver/verify.h \
	solver/verify_bound.c solver/verify_bound.h solver/verify_bound_check.c \
	solver/verify_certificate.c solver/verify_certificate.h \
	solver/verify_load.c solver/verify_load.h \
	solver/verify_cycles.c solver/verify_cycles.h \
	solver/verify_people.c solver/verify_people.h \
	solver/verify_guests.c solver/verify_guests.h \
	solver/verify_look.c solver/verify_look.h \
	solver/verify_margin.c solver/verify_margin.h solver/verify_margin_shape.c \
	solver/verify_network.c solver/verify_network.h \
	solver/verify_offers.c solver/verify_offers.h \
	solver/verify_prices.c solver/verify_prices.h \
	solver/verify_rooms.c solver/verify_rooms.h \
	solver/verify_round.c solver/verify_round.h solver/verify_round_new.c \
	solver/verify_rules.c solver/verify_rules.h \
	solver/verify_seats.c solver/verify_seats.h \
	solver/verify_ties.c solver/verify_ties.h \
	solver/verify_values.c solver/verify_values.h \
	solver/worth.c solver/worth.h \
	solver/worth_again.c \
	solver/worth_new.c \
	solver/warm.c solver/warm.h
SOLVER_LIBS = $(GLPK_LIBS)
