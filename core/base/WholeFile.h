// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <QByteArray>
#include <QString>

namespace weir {

enum class FileFor { Everybody, Owner }; ///< who may read it; the owner alone: the umask does not matter

/// Writes a file that is there whole, or as it was before. What is there must be a file: a device or a folder
/// is left alone. Any thread.
[[nodiscard]] Result<void> writeWholeFile(const QString& path, const QByteArray& bytes, FileFor readers);

} // namespace weir
