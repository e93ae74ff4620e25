// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/Figures.h"

#include <QLocale>

#include <array>
#include <cmath>

namespace weir {

namespace {

QString withPrefix(double value, bool decimalsBelowTen)
{
    static constexpr std::array<const char*, 6> kPrefixes{"", " k", " M", " G", " T", " P"};
    std::size_t prefix = 0;
    while (std::abs(value) >= 999.5 && prefix + 1 < kPrefixes.size()) {
        value /= 1000;
        ++prefix;
    }
    int decimals = 0;
    if (prefix > 0)
        decimals = std::abs(value) < 9.995 ? 2 : std::abs(value) < 99.95 ? 1 : 0;
    else if (decimalsBelowTen && value > 0 && value < 9.95)
        decimals = 1;
    return QString::number(value, 'f', decimals) + QLatin1String(kPrefixes[prefix]);
}

} // namespace

QString shortCount(double count)
{
    return withPrefix(count, false);
}

QString shortRate(double perSecond)
{
    return withPrefix(perSecond, true) + QStringLiteral("/s");
}

QString shortBytes(double bytes)
{
    const QString text = withPrefix(bytes, false);
    return text.contains(QLatin1Char(' ')) ? text + QLatin1Char('B') : text + QStringLiteral(" B");
}

QString fullCount(std::uint64_t count)
{
    return QLocale(QLocale::English).toString(static_cast<qulonglong>(count));
}

} // namespace weir
