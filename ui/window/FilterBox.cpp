// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/FilterBox.h"

#include "core/base/Clock.h"
#include "ui/models/ViewState.h"
#include "ui/theme/ThemedIcon.h"
#include "ui/window/FilterLine.h"
#include "ui/window/WidgetState.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

namespace weir {

namespace {

QString messageFor(const FilterError& error)
{
    QString text = QString::fromStdString(error.error.why);
    if (!text.isEmpty())
        text[0] = text.at(0).toUpper();
    return error.error.hint.empty()
               ? text
               : QStringLiteral("%1 (%2)").arg(text, QString::fromStdString(error.error.hint));
}

QToolButton* iconButton(const QString& name, const QString& icon, const QString& label, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setIcon(themedIcon(icon));
    button->setAccessibleName(label);
    button->setToolTip(label);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

FilterBox::FilterBox(ViewState& state, Clock& clock, QWidget* parent)
    : QWidget(parent),
      m_state(state),
      m_clock(clock),
      m_line(new FilterLine(this)),
      m_apply(iconButton(QStringLiteral("filterApply"), QStringLiteral("check"),
                         tr("Apply the filter (Enter)"), this)),
      m_clear(
          iconButton(QStringLiteral("filterClear"), QStringLiteral("clear"), tr("Clear the filter"), this)),
      m_message(new QLabel(window()))
{
    m_line->setObjectName(QStringLiteral("filterLine"));
    m_line->setAccessibleName(tr("Filter"));
    m_line->setPlaceholderText(tr("Filter, e.g. subject:orders.> pop:FRA latency>100ms"));
    m_line->addAction(themedIcon(QStringLiteral("filter")), QLineEdit::LeadingPosition);
    m_line->installEventFilter(this);
    m_message->setObjectName(QStringLiteral("filterError"));
    m_message->setWordWrap(true);
    m_message->hide();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_line, 1);
    layout->addWidget(m_apply);
    layout->addWidget(m_clear);
    setFocusProxy(m_line);
    m_explain.setSingleShot(true);
    m_explain.setInterval(350);
    connect(&m_explain, &QTimer::timeout, this, &FilterBox::explain);
    connect(m_line, &QLineEdit::textChanged, this, &FilterBox::check);
    connect(m_line, &QLineEdit::returnPressed, this, &FilterBox::apply);
    connect(m_apply, &QToolButton::clicked, this, &FilterBox::apply);
    connect(m_clear, &QToolButton::clicked, this, &FilterBox::clearFilter);
    connect(&m_state, &ViewState::filterChanged, this, &FilterBox::showApplied);
    showApplied();
}

FilterBox::~FilterBox() = default;

void FilterBox::setNames(std::function<std::shared_ptr<const Names>()> names)
{
    m_line->setNames(std::move(names));
}

void FilterBox::addTerm(const QString& term)
{
    const QString applied = QString::fromStdString(m_state.filter().text()).trimmed();
    // An OR would swallow a term put beside it.
    const bool needsGroup = applied.contains(QLatin1String(" OR "));
    m_line->setText(applied.isEmpty() ? term
                    : needsGroup      ? QStringLiteral("(%1) %2").arg(applied, term)
                                      : QStringLiteral("%1 %2").arg(applied, term));
    apply();
}

void FilterBox::clearFilter()
{
    m_line->clear();
    apply();
}

void FilterBox::focusLine()
{
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
}

bool FilterBox::check()
{
    const QString text = m_line->text();
    const std::unique_ptr<FilterError> error = Filter::check(text.toStdString());
    const bool pending = text != QString::fromStdString(m_state.filter().text());
    m_apply->setVisible(pending);
    m_apply->setEnabled(!error);
    m_clear->setEnabled(!text.isEmpty());
    setStateLevel(m_line, error ? StateLevel::Error : StateLevel::Normal);
    if (!error) {
        m_line->mark(0, 0);
        m_explain.stop();
        m_message->hide();
        m_line->setAccessibleDescription(pending ? tr("Not applied yet: press Enter") : QString());
        return true;
    }
    const qsizetype start = utf16Position(text, error->column);
    const qsizetype end = utf16Position(text, error->column + std::max<std::size_t>(1, error->length));
    // An error behind the last character is shown on the last one.
    m_line->mark(std::min(start, std::max<qsizetype>(0, text.size() - 1)),
                 std::max<qsizetype>(1, end - start));
    m_message->setText(messageFor(*error));
    m_line->setAccessibleDescription(m_message->text());
    if (m_message->isVisible())
        placeMessage();
    else
        m_explain.start();
    return false;
}

void FilterBox::apply()
{
    if (!check()) {
        explain();
        return;
    }
    const auto filter = Filter::parse(m_line->text().toStdString(), m_clock.now());
    if (!filter) {
        m_message->setText(QString::fromStdString(filter.error().line()));
        explain();
        return;
    }
    m_state.setFilter(*filter);
    check();
}

void FilterBox::showApplied()
{
    const QString applied = QString::fromStdString(m_state.filter().text());
    if (m_line->text() != applied)
        m_line->setText(applied);
    check();
}

void FilterBox::explain()
{
    if (m_line->isSuggesting()) {
        m_explain.start(); // not under the list of suggestions
        return;
    }
    m_message->show();
    placeMessage();
}

void FilterBox::placeMessage()
{
    QWidget* const frame = window();
    if (m_message->parentWidget() != frame) {
        const bool shown = !m_message->isHidden();
        m_message->setParent(frame);
        m_message->setVisible(shown);
    }
    m_message->setFixedWidth(std::max(240, width()));
    m_message->adjustSize();
    m_message->move(mapTo(frame, QPoint(0, height() + 3)));
    m_message->raise();
}

bool FilterBox::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        showApplied();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void FilterBox::moveEvent(QMoveEvent* event)
{
    QWidget::moveEvent(event);
    placeMessage();
}

void FilterBox::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeMessage();
}

} // namespace weir
