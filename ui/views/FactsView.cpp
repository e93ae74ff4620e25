// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/FactsView.h"

#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/theme/ThemeColors.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>

namespace weir {
namespace {

constexpr qsizetype kLongest = 44;     // characters
constexpr std::size_t kMostFacts = 32; // the row behind them all takes what room is left

QString latencyWords(const MessageDetails& message)
{
    if (message.sent == kNoTime)
        return QObject::tr("not known: the message does not say when it was sent");
    if (message.latency() < Nanoseconds::zero())
        return QObject::tr("clock skew: the sender's clock is ahead by at least %1")
            .arg(QString::fromStdString(formatDuration(-message.latency())));
    return QString::fromStdString(formatDuration(message.latency()));
}

} // namespace

FactsView::FactsView(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    setObjectName(QStringLiteral("messageFacts"));
    m_grid->setContentsMargins(10, 8, 10, 8);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(3);
    m_grid->setColumnStretch(1, 1);
}

void FactsView::put(const QString& title, const QString& value, const QString& howKnown)
{
    if (value.isEmpty())
        return;
    if (m_used == m_rows.size()) {
        Row row{new QLabel(this), new QLabel(this)};
        row.title->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        row.title->setForegroundRole(QPalette::PlaceholderText);
        row.value->setWordWrap(true);
        row.value->setTextFormat(Qt::RichText);
        row.value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        row.value->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        row.value->setMinimumWidth(80);
        m_grid->addWidget(row.title, static_cast<int>(m_used), 0);
        m_grid->addWidget(row.value, static_cast<int>(m_used), 1);
        m_rows.push_back(row);
    }
    const Row& row = m_rows[m_used++];
    const QString muted = ThemeColors::of(palette()).muted.name();
    // A label breaks lines at spaces only: a long name without any keeps its ends, the tool tip has all of
    // it.
    const bool isLong = value.size() > kLongest && !value.contains(QLatin1Char(' '));
    const QString text =
        (isLong ? value.left(kLongest / 2) + QChar(0x2026) + value.right(kLongest / 4) : value)
            .toHtmlEscaped();
    row.value->setToolTip(isLong ? value : QString());
    row.title->setText(title);
    row.value->setText(howKnown.isEmpty() ? text
                                          : QStringLiteral("%1 <span style=\"color:%2\">%3</span>")
                                                .arg(text, muted, howKnown.toHtmlEscaped()));
    row.title->show();
    row.value->show();
}

void FactsView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        setMessage(m_message); // its words carry the theme's colours
}

QString FactsView::fact(const QString& title) const
{
    for (std::size_t i = 0; i < m_used; ++i) {
        if (m_rows[i].title->text() == title)
            return m_rows[i].value->text();
    }
    return {};
}

void FactsView::setMessage(const MessageDetails* message)
{
    m_message = message;
    m_used = 0;
    if (message) {
        put(tr("Subject"), escaped(message->subject));
        put(tr("Received"), formatMoment(message->time), tr("by this recorder's clock"));
        if (message->sent != kNoTime)
            put(tr("Sent"), formatMoment(message->sent), tr("as the message says"));
        if (message->stored != kNoTime) {
            const QString stream =
                message->stream.empty() ? tr("the stream") : tr("stream %1").arg(escaped(message->stream));
            put(tr("Stored"), formatMoment(message->stored),
                tr("by %1, as number %2").arg(stream, fullCount(message->streamSeq)));
        }
        put(tr("Latency"), latencyWords(*message),
            message->latency() <= Nanoseconds::zero() ? QString()
            : message->stored != kNoTime              ? tr("sent to stored")
                                                      : tr("sent to received"));
        put(tr("PoP"), escaped(message->pop), tr("as its headers or subject say"));
        put(tr("Worker"), escaped(message->worker), tr("as its headers say"));
        const bool known = !message->identity.name.empty();
        put(tr("Identity"), known ? escaped(message->identity.name) : tr("not known"),
            known ? evidenceWord(message->evidence) : QString());
        put(tr("Trace"), escaped(message->trace));
        put(tr("Reply to"), escaped(message->reply));
        put(tr("Status"), escaped(message->status));
        put(tr("Size"), tr("%1 payload, %2 headers")
                            .arg(shortBytes(message->payloadSize), shortBytes(message->headerSize)));
        put(tr("Number"), fullCount(message->seq), tr("in this history"));
    }
    m_grid->setRowStretch(static_cast<int>(kMostFacts), 1);
    for (std::size_t i = m_used; i < m_rows.size(); ++i) {
        m_rows[i].title->hide();
        m_rows[i].value->hide();
    }
}

} // namespace weir
