// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/MomentField.h"

#include "ui/theme/Theme.h"

#include <QCoreApplication>

namespace weir {

QLineEdit* momentField(const QString& name, const QString& label, Timestamp time, QWidget* parent)
{
    // Milliseconds are enough to type; formatRfc3339 gives nine digits and a Z.
    const QString full = QString::fromStdString(formatRfc3339(time));
    auto* field = new QLineEdit(full.left(23) + QLatin1Char('Z'), parent);
    field->setObjectName(name);
    field->setFont(Theme::dataFont());
    field->setAccessibleName(label);
    field->setMinimumWidth(field->fontMetrics().averageCharWidth() * 30);
    return field;
}

Result<Timestamp> readMoment(const QString& text, Timestamp now)
{
    using namespace std::chrono_literals;
    const QString trimmed = text.trimmed();
    const bool clockOnly = trimmed.contains(QLatin1Char(':')) && !trimmed.contains(QLatin1Char('-'));
    if (!clockOnly)
        return parseMoment(trimmed.toStdString(), now);
    const bool noSeconds = trimmed.count(QLatin1Char(':')) == 1;
    const QString day = QString::fromStdString(formatRfc3339(now)).left(11);
    const QString full = day + trimmed + (noSeconds ? QStringLiteral(":00Z") : QStringLiteral("Z"));
    auto time = parseRfc3339(full.toStdString());
    if (time && *time > now)
        return *time - 24h;
    return time;
}

QString momentHint()
{
    return QCoreApplication::translate("weir::MomentField",
                                       "UTC. Write 2026-11-20T03:07:00Z, a time such as 03:07, or an age: "
                                       "-15m, -2h, -1d, now.");
}

} // namespace weir
