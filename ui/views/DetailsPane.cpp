// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/DetailsPane.h"

#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/theme/Theme.h"
#include "ui/views/EmptyState.h"
#include "ui/views/FactsView.h"
#include "ui/views/IdentityView.h"
#include "ui/views/PayloadView.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedLayout>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace weir {

DetailsPane::DetailsPane(QWidget* parent)
    : QWidget(parent),
      m_layout(new QStackedLayout(this)),
      m_empty(new EmptyState(this)),
      m_content(new QWidget(this)),
      m_outside(new QLabel(m_content)),
      m_facts(new FactsView),
      m_tabs(new QTabWidget),
      m_payload(new PayloadView),
      m_headers(new QTableView),
      m_identity(new IdentityView)
{
    setObjectName(QStringLiteral("messageDetails"));
    buildHeaders();
    auto* scroll = new QScrollArea;
    scroll->setWidget(m_facts);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_payload, tr("Payload"));
    m_tabs->addTab(m_headers, tr("Headers"));
    m_tabs->addTab(m_identity, tr("Identity"));
    auto* split = new QSplitter(Qt::Vertical, m_content);
    split->addWidget(scroll);
    split->addWidget(m_tabs);
    split->setChildrenCollapsible(false);
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    connect(split, &QSplitter::splitterMoved, this, [this] { m_sizedByHand = true; });
    m_split = split;
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_outside->setObjectName(QStringLiteral("detailsOutside"));
    m_outside->setProperty("state", QStringLiteral("warning"));
    m_outside->setWordWrap(true);
    m_outside->setContentsMargins(10, 6, 10, 6);
    m_outside->hide();
    column->addWidget(m_outside);
    column->addWidget(split, 1);
    m_layout->addWidget(m_empty);
    m_layout->addWidget(m_content);
    connect(m_payload, &PayloadView::filterTermRequested, this, &DetailsPane::filterTermRequested);
    connect(m_payload, &PayloadView::problem, this, &DetailsPane::problem);
    setMessage(nullptr);
}

void DetailsPane::buildHeaders()
{
    m_headers->setObjectName(QStringLiteral("messageHeaders"));
    m_headers->setAccessibleName(tr("Headers"));
    m_headers->setModel(&m_headerModel);
    m_headers->setShowGrid(false);
    m_headers->setWordWrap(false);
    m_headers->setTabKeyNavigation(false);
    m_headers->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_headers->verticalHeader()->hide();
    m_headers->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_headers->verticalHeader()->setDefaultSectionSize(Theme::rowHeight());
    m_headers->horizontalHeader()->setHighlightSections(false);
    m_headers->horizontalHeader()->resizeSection(0, 150);
    m_headers->horizontalHeader()->setStretchLastSection(true);
    m_headers->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_headers, &QWidget::customContextMenuRequested, this, &DetailsPane::showHeaderMenu);
}

void DetailsPane::setMessage(const std::shared_ptr<const MessageDetails>& message)
{
    m_message = message;
    setOutside({});
    m_facts->setMessage(message.get());
    m_payload->setMessage(message);
    m_headerModel.setMessage(message);
    m_identity->setMessage(message.get());
    m_tabs->setTabText(1,
                       message ? tr("Headers (%1)").arg(fullCount(message->headers.size())) : tr("Headers"));
    if (!message)
        m_empty->showEmpty(tr("No message chosen"),
                           tr("Choose a row to see all that is known of its message."));
    m_layout->setCurrentWidget(message ? m_content : static_cast<QWidget*>(m_empty));
    if (message && !m_sizedByHand) {
        // The facts get what they need, but never more than half.
        const int facts = std::min(m_facts->sizeHint().height(), height() / 2);
        m_split->setSizes({facts, height() - facts});
    }
}

void DetailsPane::setOutside(const QString& why)
{
    m_outside->setText(why);
    m_outside->setVisible(!why.isEmpty());
}

void DetailsPane::showLoading()
{
    // What was shown stays until the next message is there: reading one takes milliseconds.
    if (m_message)
        return;
    m_empty->showLoading(tr("Reading the message"));
}

void DetailsPane::showMissing(const QString& why)
{
    setMessage(nullptr);
    m_empty->showError(tr("This message cannot be read"), why);
}

void DetailsPane::showSelection(int messages)
{
    setMessage(nullptr);
    if (messages > 1)
        m_empty->showEmpty(tr("%1 messages chosen").arg(fullCount(static_cast<std::uint64_t>(messages))),
                           tr("Choose one to see its details. Copy takes all of them."));
}

void DetailsPane::showHeaderMenu(const QPoint& point)
{
    const QModelIndex index = m_headers->indexAt(point);
    if (!index.isValid())
        return;
    const auto& [name, value] = m_message->headers[static_cast<std::size_t>(index.row())];
    QMenu menu(this);
    const QString term = index.data(static_cast<int>(HeaderRole::Term)).toString();
    if (!term.isEmpty()) {
        menu.addAction(tr("Show only %1").arg(menu.fontMetrics().elidedText(term, Qt::ElideMiddle, 400)),
                       this, [this, term] { emit filterTermRequested(term); });
        menu.addSeparator();
    }
    const auto put = [](const QString& text) { QGuiApplication::clipboard()->setText(text); };
    menu.addAction(tr("Copy value"), this, [put, text = escaped(value, value.size())] { put(text); });
    menu.addAction(
        tr("Copy header"), this,
        [put, text = escaped(name) + QStringLiteral(": ") + escaped(value, value.size())] { put(text); });
    menu.exec(m_headers->viewport()->mapToGlobal(point));
}

} // namespace weir
