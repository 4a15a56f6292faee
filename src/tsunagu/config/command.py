"""The `tsunagu` command."""

import os
import sys

from tsunagu.config.database import OWNER_VERBS, act_as_owner

HELP = """つなぐ: 地域DX推進ラボの制度を動かすソフトウェア

  tsunagu run [--port 番号] [--no-browser]   手元で動かす（データベースも自動で用意）
  tsunagu worker                              メールを送り、後回しの仕事をする（run は自動で動かす）
  tsunagu load                                制度の公開記録を読み込む
  tsunagu invite_person メール 氏名 役割      人を登録し、サインイン用リンクを表示する
  tsunagu find_contradictions                 記録と公表値の食い違いを探す
  tsunagu match ファイル.json                 組み合わせの問題を解く（docs/matching.md。データベースは要らない）
  tsunagu backup | restore ファイル | drill   バックアップ、戻す、戻せるかの訓練
  tsunagu verify_history                      変更の履歴が書き換えられていないか調べる
  tsunagu manage コマンド …                   Django の管理コマンド（コマンド名だけでも同じ）

設定は環境変数で行います。docs/operate.md をご覧ください。
"""


def main() -> None:
    """Run a verb; whatever is not one of ours is a Django management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagu.config.settings")
    verb, *rest = sys.argv[1:] or ["help"]
    if verb in {"help", "-h", "--help"}:
        sys.stdout.write(HELP)
        return
    if verb == "run":
        from tsunagu.config.launch import run

        sys.exit(run(rest))
    if verb == "match":
        from tsunagu.engines.matching.command import main as match

        sys.exit(match(rest))
    if verb == "manage":
        verb, *rest = rest or ["help"]
    if verb in OWNER_VERBS:
        act_as_owner()
    _manage({"load": "load_programme", "worker": "run_worker"}.get(verb, verb), rest)


def _manage(command: str, arguments: list[str]) -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from tsunagu.config.collecting import collect_seldom
    from tsunagu.history.acting import Who, acting

    collect_seldom()
    try:
        with acting(Who(via=f"tsunagu {command}")):
            execute_from_command_line(["tsunagu", command, *arguments])
    except ImproperlyConfigured as error:
        sys.exit(f"設定が足りません: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
