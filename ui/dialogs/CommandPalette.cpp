// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/CommandPalette.h"

#include "ui/models/FuzzyMatch.h"
#include "ui/theme/Theme.h"
#include "ui/theme/ThemeColors.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace weir {

namespace {

constexpr int kGroupRole = Qt::UserRole + 1;
constexpr int kShortcutRole = Qt::UserRole + 2;
constexpr int kIndexRole = Qt::UserRole + 3;
constexpr int kMostShown = 200;
constexpr int kGroupWidth = 84;

/// Group to the left, title, shortcut to the right.
class CommandDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const ThemeColors& colors = ThemeColors::of(option.palette);
        const bool chosen = option.state & QStyle::State_Selected;
        painter->fillRect(option.rect, chosen ? colors.selection : colors.base);
        const QRect text = option.rect.adjusted(10, 0, -10, 0);
        painter->setPen(chosen ? colors.selectionText : colors.muted);
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, index.data(kGroupRole).toString());
        const QString shortcut = index.data(kShortcutRole).toString();
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignRight, shortcut);
        const int room = option.fontMetrics.horizontalAdvance(shortcut) + 12;
        const QRect title = text.adjusted(kGroupWidth, 0, -room, 0);
        painter->setPen(chosen ? colors.selectionText : colors.text);
        painter->drawText(
            title, Qt::AlignVCenter | Qt::AlignLeft,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, title.width()));
    }

    QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& /*index*/) const override
    {
        return {200, Theme::rowHeight() + 4};
    }
};

} // namespace

CommandPalette::CommandPalette(QList<Command> commands, QWidget* parent)
    : QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint),
      m_commands(std::move(commands)),
      m_search(new QLineEdit(this)),
      m_list(new QListView(this)),
      m_model(new QStandardItemModel(this))
{
    setObjectName(QStringLiteral("commandPalette"));
    setWindowTitle(tr("Find"));
    setAccessibleName(tr("Find any page, action or subject"));
    m_search->setObjectName(QStringLiteral("paletteSearch"));
    m_search->setAccessibleName(tr("Find"));
    m_search->setPlaceholderText(tr("Find a page, an action, a subject…"));
    m_search->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("What was found"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    resize(620, 420);
    if (parent)
        move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, 60)));
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::refill);
    connect(m_search, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
    refill();
    m_search->setFocus();
}

void CommandPalette::refill()
{
    const QString needle = m_search->text();
    std::vector<std::pair<int, int>> found; // score, index
    for (int i = 0; i < m_commands.size(); ++i) {
        if (const auto score =
                fuzzyScore(needle, m_commands[i].title + QLatin1Char(' ') + m_commands[i].group))
            found.emplace_back(*score, i);
    }
    if (!needle.isEmpty())
        std::stable_sort(found.begin(), found.end(), [](auto a, auto b) { return a.first > b.first; });
    m_model->clear();
    for (const auto& [score, index] : found) {
        if (m_model->rowCount() >= kMostShown)
            break;
        const Command& command = m_commands[index];
        auto* row = new QStandardItem(command.title);
        row->setData(command.group, kGroupRole);
        row->setData(command.shortcut, kShortcutRole);
        row->setData(index, kIndexRole);
        row->setAccessibleText(command.group + QLatin1Char(' ') + command.title);
        m_model->appendRow(row);
    }
    m_list->setCurrentIndex(m_model->index(0, 0));
}

void CommandPalette::runCurrent()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid())
        return;
    const auto run = m_commands[current.data(kIndexRole).toInt()].run;
    accept();
    run();
}

void CommandPalette::paintEvent(QPaintEvent* /*event*/)
{
    // A window without a frame needs an edge of its own.
    const ThemeColors& colors = ThemeColors::of(palette());
    QPainter painter(this);
    painter.fillRect(rect(), colors.raised);
    painter.setPen(QPen(colors.muted, 1));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int page = std::max(1, m_list->height() / (Theme::rowHeight() + 4) - 1);
        const int step = key == Qt::Key_Down       ? 1
                         : key == Qt::Key_Up       ? -1
                         : key == Qt::Key_PageDown ? page
                         : key == Qt::Key_PageUp   ? -page
                                                   : 0;
        if (step != 0 && m_model->rowCount() > 0) {
            const int row = std::clamp(m_list->currentIndex().row() + step, 0, m_model->rowCount() - 1);
            m_list->setCurrentIndex(m_model->index(row, 0));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace weir
