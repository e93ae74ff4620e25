// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/IdentityView.h"

#include "ui/models/Format.h"
#include "ui/views/RowDelegate.h"

#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTreeView>
#include <QVBoxLayout>

namespace weir {

IdentityView::IdentityView(QWidget* parent)
    : QWidget(parent),
      m_verdict(new QLabel(this)),
      m_facts(new QPlainTextEdit(this)),
      m_tree(new QTreeView(this))
{
    QFont bold = font();
    bold.setBold(true);
    m_verdict->setFont(bold);
    m_verdict->setObjectName(QStringLiteral("identityVerdict"));
    m_verdict->setWordWrap(true);
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_facts->setReadOnly(true);
    m_facts->setAccessibleName(tr("How the identity is known"));
    m_facts->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_facts->setMinimumHeight(110);
    m_tree->setModel(&m_claims);
    m_tree->setItemDelegate(new RowDelegate(m_tree));
    m_tree->setUniformRowHeights(true);
    m_tree->setAccessibleName(tr("Claims of the token"));
    m_tree->header()->resizeSection(0, 130);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 4);
    column->addWidget(m_verdict);
    column->addWidget(m_facts, 2);
    column->addWidget(m_tree, 3);
}

QString IdentityView::verdict() const
{
    return m_verdict->text();
}

void IdentityView::setMessage(const MessageDetails* message)
{
    m_claims.setOutline(nullptr);
    m_verdict->clear();
    m_facts->clear();
    m_tree->hide();
    if (!message)
        return;
    const Identity& who = message->identity;
    m_verdict->setText(evidenceMeaning(who, message->evidence, message->time));
    QStringList facts;
    const auto add = [&facts](const QString& title, const std::string& value) {
        if (!value.empty())
            facts << title.arg(escaped(value, 512));
    };
    add(tr("Name: %1"), who.name);
    add(tr("Issuer: %1"), who.issuer);
    add(tr("Proof: %1"), who.proof);
    if (who.notBefore != kNoTime)
        facts << tr("Valid from %1").arg(formatMoment(who.notBefore));
    if (who.expires != kNoTime)
        facts << tr("Valid until %1").arg(formatMoment(who.expires));
    if (const QString words = validityWords(who, message->time); !words.isEmpty())
        facts << words;
    add(tr("SHA-256 of the token (the token is not stored): %1"), who.tokenSha256);
    m_facts->setPlainText(facts.join(QLatin1Char('\n')));
    if (who.claims.empty())
        return;
    if (auto outline = JsonOutline::parse(std::make_shared<const std::string>(who.claims))) {
        m_claims.setOutline(std::make_shared<const JsonOutline>(std::move(*outline)));
        m_tree->expandToDepth(1);
        m_tree->show();
    }
}

} // namespace weir
