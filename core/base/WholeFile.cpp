// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/WholeFile.h"

#include <QFileInfo>
#include <QSaveFile>

namespace weir {

Result<void> writeWholeFile(const QString& path, const QByteArray& bytes, FileFor readers)
{
    const auto failed = [&path](const QString& why) {
        return Error{ErrorCode::Io, "saving " + path.toStdString(), why.toStdString(),
                     "choose another place"};
    };
    const QFileInfo there(path);
    if (there.exists() && !there.isFile())
        return failed(QStringLiteral("it is there already, and no file"));
    QSaveFile file(path);
    const bool fine =
        file.open(QIODevice::WriteOnly) &&
        (readers == FileFor::Everybody || file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)) &&
        file.write(bytes) == bytes.size() &&
        file.flush() && // commit() flushes, too, but forgets whether it could (Qt 6.4)
        file.commit();
    if (!fine)
        return failed(file.errorString());
    return {};
}

} // namespace weir
