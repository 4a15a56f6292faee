.DEFAULT_GOAL := help
.PHONY: help run demo test numbers lock clean

help: ## この一覧
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

run: ## 手元で動かす（用意もすべて行う）
	@scripts/bootstrap base
	@.venv/bin/tsunagu run

demo: ## 架空の43ラボ×3年の記録で動かす（本物の記録とは別のデータベース）
	@scripts/bootstrap base
	@TSUNAGU_DEMO=1 TSUNAGU_VAR="$${TSUNAGU_VAR:-$(CURDIR)/var/demo}" .venv/bin/tsunagu run

test: ## すべての検査と試験
	@scripts/bootstrap dev
	@scripts/test

numbers: ## 目標の数を測る（ISSUE=A で1つの課題だけ）
	@scripts/bootstrap dev
	@.venv/bin/python -m bench $(ISSUE)

lock: ## requirements/*.in から、ハッシュつきの *.txt を作り直す
	@scripts/bootstrap base
	@for name in uv base dev; do \
	    .tools/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
	        requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

clean: ## 作られたものをすべて消す（データも消えます。make run は先に止めてください）
	rm -rf .venv .tools var
