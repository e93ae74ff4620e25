// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/DetailsText.h"

#include "ui/models/Format.h"
#include "ui/theme/ThemeColors.h"

#include <QEvent>
#include <QUrl>

namespace weir {

DetailsText::DetailsText(QWidget* parent) : QTextBrowser(parent)
{
    setOpenLinks(false);
    setFrameShape(QFrame::NoFrame);
    connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
        emit linkChosen(link.scheme(), QUrl::fromPercentEncoding(link.path(QUrl::FullyEncoded).toUtf8()));
    });
}

void DetailsText::render()
{
    const ThemeColors& colors = ThemeColors::of(palette());
    const QString style =
        QStringLiteral("<style>td { padding: 1px 10px 1px 0; } .t, .m { color: %1; } a { color: %2; } "
                       ".w { color: %3; font-weight: 600; } h3 { margin: 8px 0 2px 0; }</style>")
            .arg(colors.muted.name(), colors.accent.name(), colors.warning.name());
    const QString html = style + body();
    if (html == property("shown").toString())
        return; // a reader who scrolls or selects is left alone
    setProperty("shown", html);
    setHtml(html);
}

void DetailsText::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        render();
}

QString detailsName(const std::string& name)
{
    return shownName(name).toHtmlEscaped();
}

QString detailsRow(const QString& title, const QString& value)
{
    return QStringLiteral("<tr><td class=\"t\">%1</td><td>%2</td></tr>").arg(title, value);
}

QString detailsLink(const QString& scheme, const QString& target, const QString& words)
{
    return QStringLiteral("<a href=\"%1:%2\">%3</a>")
        .arg(scheme, QString::fromUtf8(QUrl::toPercentEncoding(target)), words.toHtmlEscaped());
}

} // namespace weir
