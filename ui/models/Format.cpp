// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/Format.h"

#include "core/topology/FlowNames.h"
#include "ui/models/Figures.h"
#include "ui/models/TimeText.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QTimeZone>

#include <algorithm>

namespace weir {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Format", text);
}

QDateTime utc(Timestamp time)
{
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return QDateTime::fromMSecsSinceEpoch(millis, Qt::UTC);
}

void escapeByte(QString& out, unsigned char byte)
{
    out += QStringLiteral("\\x%1").arg(byte, 2, 16, QLatin1Char('0'));
}

/// Length in bytes of the valid UTF-8 sequence at the front of `bytes` (RFC 3629, section 4); 0 for none.
std::size_t sequenceLength(std::string_view bytes)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                               : (lead & 0xF0U) == 0xE0      ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || bytes.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80)
            return 0;
    }
    const unsigned char second = byte(1);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool beyond = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
    return overlong || beyond ? 0 : length;
}

} // namespace

QString formatLatency(Nanoseconds latency)
{
    if (latency != kNoDuration && latency < Nanoseconds::zero())
        return tr("clock skew");
    return QString::fromStdString(formatDuration(latency));
}

QString formatMoment(Timestamp time)
{
    if (time == kNoTime)
        return tr("not known");
    const auto nanos = static_cast<int>(((toUnixNanos(time) % 1'000'000) + 1'000'000) % 1'000'000);
    return QStringLiteral("%1 %2 %3 UTC")
        .arg(utc(time).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")))
        .arg(nanos / 1000, 3, 10, QLatin1Char('0'))
        .arg(nanos % 1000, 3, 10, QLatin1Char('0'));
}

QString formatLocal(Timestamp time)
{
    const QDateTime local = utc(time).toLocalTime();
    return local.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz ")) + local.timeZoneAbbreviation();
}

QString gapCauseWords(GapCause cause)
{
    switch (cause) {
    case GapCause::Disconnected:
        return tr("disconnected from the broker");
    case GapCause::SlowConsumer:
        return tr("the broker dropped messages, Weir took them too slowly");
    case GapCause::QueueFull:
        return tr("Weir's queue was full");
    case GapCause::Sampled:
        return tr("sampled, to stay within the observation budget");
    case GapCause::UncleanEnd:
        return tr("the recorder ended without closing");
    case GapCause::StoreFailed:
        return tr("the disk refused");
    case GapCause::NotRecording:
        return tr("not recording");
    case GapCause::Permission:
        return tr("the broker refused the subscription");
    case GapCause::Expired:
        return tr("expired: removed on purpose, by age or size");
    case GapCause::Damaged:
        return tr("damaged: what was recorded could not be read any more");
    case GapCause::TakenElsewhere:
        return tr("another recorder with the same consumer took them");
    case GapCause::Imported:
        return tr("imported from a file that does not say what it lacks");
    }
    return tr("cause not known");
}

QString describeGap(const Gap& gap, std::size_t merged)
{
    QString words = gapCauseWords(gap.cause);
    words[0] = words[0].toUpper();
    if (gap.to == kNoTime)
        words += tr(" since %1").arg(clockText(gap.from, false, true));
    else if (gap.to > gap.from)
        words += tr(" for %1").arg(QString::fromStdString(formatDuration(gap.to - gap.from)));
    if (merged > 1)
        words += tr(" (%1 times)").arg(fullCount(merged));
    if (gap.messages)
        words += tr(": %1%2 messages missing")
                     .arg(gap.estimated ? tr("about ") : QString(), fullCount(*gap.messages));
    else
        words += tr(": nobody can say how many messages are missing");
    return words;
}

QString evidenceWord(Evidence evidence)
{
    const std::string_view name = evidenceName(evidence);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

QString evidenceMeaning(Evidence evidence)
{
    switch (evidence) {
    case Evidence::Verified:
        return tr("Verified: a signature was checked.");
    case Evidence::Vouched:
        return tr("Vouched: stamped by the server, which knows who connected.");
    case Evidence::Claimed:
        return tr("Claimed: the message says so itself; nobody has checked it.");
    case Evidence::Inferred:
        return tr("Inferred: the only connected user who may publish there.");
    case Evidence::Unknown:
        break;
    }
    return tr("Unknown: nothing says who sent it.");
}

QString evidenceMeaning(const Identity& identity, Evidence evidence, Timestamp when)
{
    if (evidence != Evidence::Claimed || identity.tokenSha256.empty())
        return evidenceMeaning(evidence);
    const QString validity = validityWords(identity, when);
    if (identity.evidence == Evidence::Verified)
        return tr("%1. Its signature was checked and holds.").arg(validity);
    // Checked and refused, or not to be checked: the proof says which.
    return identity.proof.empty() ? evidenceMeaning(evidence)
                                  : tr("Claimed: the message says so itself; its token proves nothing.");
}

QString validityWords(const Identity& identity, Timestamp when)
{
    if (identity.notBefore == kNoTime && identity.expires == kNoTime)
        return {};
    if (identity.expires != kNoTime && when >= identity.expires)
        return tr("Expired when the message came, by %1: it proves nothing any more")
            .arg(QString::fromStdString(formatDuration(when - identity.expires)));
    if (identity.notBefore != kNoTime && when < identity.notBefore)
        return tr("Not yet valid when the message came, by %1: it proves nothing")
            .arg(QString::fromStdString(formatDuration(identity.notBefore - when)));
    return tr("Within its time when the message came");
}

QString escaped(std::string_view bytes, std::size_t limit)
{
    QString out;
    const bool cut = bytes.size() > limit;
    std::string_view rest = bytes.substr(0, limit);
    while (!rest.empty()) {
        const std::size_t length = sequenceLength(rest);
        const auto lead = static_cast<unsigned char>(rest.front());
        if (length > 1 || (length == 1 && lead >= 0x20 && lead != 0x7F))
            out += toText(rest.substr(0, length));
        else if (lead == '\n' || lead == '\r' || lead == '\t')
            out += lead == '\n'   ? QStringLiteral("\\n")
                   : lead == '\r' ? QStringLiteral("\\r")
                                  : QStringLiteral("\\t");
        else
            escapeByte(out, lead);
        rest.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return cut ? out + QChar(0x2026) : out;
}

QString shownName(std::string_view name, std::size_t limit)
{
    return QString::fromStdString(harmlessName(name, limit));
}

} // namespace weir
