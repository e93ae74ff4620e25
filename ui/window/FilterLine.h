// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

#include <functional>
#include <memory>
#include <utility>

class QCompleter;
class QStandardItemModel;

namespace weir {

struct Names;

/// Positions in filter texts count characters (code points); QString counts UTF-16 units.
[[nodiscard]] qsizetype utf16Position(const QString& text, std::size_t character);
[[nodiscard]] std::size_t characterPosition(const QString& text, qsizetype utf16);

/// The input field of a filter: offers what may stand at the cursor (while typing, or Ctrl+Space), and
/// underlines a stretch of its text.
class FilterLine : public QLineEdit
{
    Q_OBJECT
public:
    explicit FilterLine(QWidget* parent = nullptr);

    /// Where completion finds known subjects, PoPs, …; may return null.
    void setNames(std::function<std::shared_ptr<const Names>()> names);
    /// Underlines `length` UTF-16 units from `start`; length 0 underlines nothing.
    void mark(qsizetype start, qsizetype length);
    [[nodiscard]] std::pair<qsizetype, qsizetype> marked() const { return m_marked; }
    [[nodiscard]] bool isSuggesting() const;

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void suggest(bool asked);
    void insertSuggestion(const QModelIndex& index);

    std::function<std::shared_ptr<const Names>()> m_names;
    QStandardItemModel* m_model;
    QCompleter* m_completer;
    std::pair<qsizetype, qsizetype> m_replace; ///< UTF-16 start and length that a suggestion replaces
    std::pair<qsizetype, qsizetype> m_marked;
};

} // namespace weir
