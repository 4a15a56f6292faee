"""Why a file is refused, and what its sender can do."""

REASONS = {
    "name": "ファイル名に使えない文字があるか、長すぎます。名前を短い文字だけに変えて、もう一度選んでください。",
    "kind": "この種類のファイルは受け取れません。PDF、Excel（xlsx）、Word（docx）、PowerPoint（pptx）、CSV、テキスト、PNG、JPEG にしてください。",
    "empty": "ファイルが空です。保存し直してから、もう一度選んでください。",
    "too_large": "ファイルが大きすぎます。図を小さくするか、分けてください。",
    "not_what_it_says": "中身が、名前の示す種類と違います。元のソフトウェアで保存し直してください。",
    "broken": "ファイルが壊れているか、途中で切れています。開けることを確かめて、保存し直してください。",
    "encrypted": "パスワードの付いたファイルは受け取れません。パスワードを外してください。",
    "macro": "マクロが入っています。マクロを含まない形式で保存し直してください。",
    "external_link": "ほかのファイルへのリンクが入っています。値に直してから、保存し直してください。",
    "embedded_object": "ほかのファイルが埋め込まれています。埋め込みを外してください。",
    "bomb": "開くと大きくなりすぎるファイルです。元のソフトウェアで保存し直してください。",
    "active_content": "自動で動く仕組み（スクリプトなど）が入っています。印刷用のPDFとして保存し直してください。",
    "too_many_pixels": "画像が大きすぎます（4千万画素まで）。縮小してください。",
}


class UploadRefused(ValueError):
    """A file that is not taken; `code` is a key of `REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
