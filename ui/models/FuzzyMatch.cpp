// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/FuzzyMatch.h"

namespace weir {

std::optional<int> fuzzyScore(const QString& needle, const QString& text)
{
    int score = 0;
    qsizetype at = 0;
    bool running = false;
    for (const QChar wanted : needle) {
        if (wanted.isSpace()) {
            running = false;
            continue;
        }
        const qsizetype found = text.indexOf(wanted, at, Qt::CaseInsensitive);
        if (found < 0)
            return std::nullopt;
        const bool adjacent = running && found == at;
        const bool wordStart = found == 0 || !text.at(found - 1).isLetterOrNumber();
        score +=
            1 + (adjacent ? 5 : 0) + (wordStart ? 8 : 0) - static_cast<int>(qMin(found - at, qsizetype{4}));
        at = found + 1;
        running = true;
    }
    return score * 8 - static_cast<int>(qMin(text.size(), qsizetype{60})) / 8;
}

} // namespace weir
