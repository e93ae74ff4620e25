// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/FilterLine.h"

#include "core/envelope/Names.h"
#include "core/filter/FilterSuggestions.h"
#include "ui/theme/Theme.h"
#include "ui/theme/ThemeColors.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QStandardItemModel>
#include <QTextCharFormat>

namespace weir {

namespace {
constexpr int kTextRole = Qt::UserRole + 1;
constexpr std::size_t kMostSuggestions = 40;
} // namespace

qsizetype utf16Position(const QString& text, std::size_t character)
{
    qsizetype at = 0;
    for (; character > 0 && at < text.size(); --character)
        at += text.at(at).isHighSurrogate() && at + 1 < text.size() ? 2 : 1;
    return at;
}

std::size_t characterPosition(const QString& text, qsizetype utf16)
{
    std::size_t count = 0;
    for (qsizetype at = 0; at < utf16 && at < text.size(); ++count)
        at += text.at(at).isHighSurrogate() && at + 1 < text.size() ? 2 : 1;
    return count;
}

FilterLine::FilterLine(QWidget* parent)
    : QLineEdit(parent), m_model(new QStandardItemModel(this)), m_completer(new QCompleter(m_model, this))
{
    setFont(Theme::dataFont());
    m_completer->setWidget(this);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->popup()->setObjectName(QStringLiteral("filterSuggestions"));
    m_completer->popup()->setAccessibleName(tr("Filter suggestions"));
    connect(m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this,
            &FilterLine::insertSuggestion);
    connect(this, &QLineEdit::textEdited, this, [this] { suggest(false); });
}

void FilterLine::setNames(std::function<std::shared_ptr<const Names>()> names)
{
    m_names = std::move(names);
}

bool FilterLine::isSuggesting() const
{
    return m_completer->popup()->isVisible();
}

void FilterLine::suggest(bool asked)
{
    const QString before = text().left(cursorPosition());
    if (!asked && (before.isEmpty() || before.back().isSpace())) {
        m_completer->popup()->hide();
        return;
    }
    const std::shared_ptr<const Names> names = m_names ? m_names() : nullptr;
    const FilterSuggestions found = FilterSuggestions::at(
        text().toStdString(), characterPosition(text(), cursorPosition()), names.get(), kMostSuggestions);
    const qsizetype start = utf16Position(text(), found.column);
    m_replace = {start, utf16Position(text(), found.column + found.length) - start};
    m_model->clear();
    for (const FilterSuggestion& item : found.items) {
        const QString insert = QString::fromStdString(item.text);
        const QString shown =
            item.detail.empty() ? insert : tr("%1    %2").arg(insert, QString::fromStdString(item.detail));
        auto* row = new QStandardItem(shown);
        row->setData(insert, kTextRole);
        m_model->appendRow(row);
    }
    const bool complete = m_model->rowCount() == 1 && m_model->item(0)->data(kTextRole).toString() ==
                                                          text().mid(m_replace.first, m_replace.second);
    if (m_model->rowCount() == 0 || complete)
        m_completer->popup()->hide();
    else
        m_completer->complete();
}

void FilterLine::insertSuggestion(const QModelIndex& index)
{
    const QString insert = index.data(kTextRole).toString();
    QString changed = text();
    changed.replace(m_replace.first, m_replace.second, insert);
    setText(changed);
    setCursorPosition(static_cast<int>(m_replace.first + insert.size()));
    emit textEdited(text());
}

void FilterLine::keyPressEvent(QKeyEvent* event)
{
    const bool asked = (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) ||
                       (event->key() == Qt::Key_Down && !m_completer->popup()->isVisible());
    if (asked)
        return suggest(true);
    QLineEdit::keyPressEvent(event);
}

void FilterLine::mark(qsizetype start, qsizetype length)
{
    m_marked = {start, length};
    // QLineEdit draws formats only for input method attributes: one without composed text only marks.
    QList<QInputMethodEvent::Attribute> attributes;
    if (length > 0) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(ThemeColors::of(palette()).error);
        format.setForeground(ThemeColors::of(palette()).error);
        attributes.append(QInputMethodEvent::Attribute(QInputMethodEvent::TextFormat,
                                                       static_cast<int>(start - cursorPosition()),
                                                       static_cast<int>(length), format));
    }
    QInputMethodEvent event(QString(), attributes);
    QLineEdit::inputMethodEvent(&event);
}

} // namespace weir
