// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/HexModel.h"
#include "ui/models/JsonTreeModel.h"
#include "ui/models/MessageDetails.h"

#include <QThreadPool>
#include <QTimer>
#include <QWidget>

class QButtonGroup;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace weir {

class HugeTableView;

/// A message's payload as JSON tree, text or bytes; which one is chosen by what it is. A large one never
/// stalls: it is looked through on another thread, the text begins with 64 KiB and says so. gui thread.
class PayloadView : public QWidget
{
    Q_OBJECT
public:
    enum class Form { Json, Text, Hex };

    explicit PayloadView(QWidget* parent = nullptr);
    ~PayloadView() override;

    /// Null: nothing.
    void setMessage(std::shared_ptr<const MessageDetails> message);
    [[nodiscard]] Form form() const;
    /// Looked through and shown.
    [[nodiscard]] bool isReady() const { return m_ready; }

signals:
    void filterTermRequested(const QString& term);
    /// Something that the user should read, one line.
    void problem(const QString& line);

private:
    struct Looked;
    [[nodiscard]] QWidget* buildTools();
    void buildForms();
    void take(Looked looked);
    void setForm(Form form);
    void showText();
    void appendText();
    void updateNote();
    void find(bool back);
    void copy();
    void save();
    void showJsonMenu(const QPoint& point);

    std::shared_ptr<const MessageDetails> m_message;
    std::shared_ptr<const std::string> m_bytes; ///< the message's payload, kept with the message
    JsonTreeModel m_json;
    HexModel m_hex;
    QButtonGroup* m_formButtons;
    QLineEdit* m_find;
    QLabel* m_note;
    QToolButton* m_more;
    QStackedWidget* m_forms;
    QTreeView* m_tree;
    QPlainTextEdit* m_text;
    HugeTableView* m_hexView;
    bool m_ready = true;
    bool m_isText = false;
    std::size_t m_shown = 0; ///< bytes of the payload that the text has
    std::size_t m_wanted = 0;
    std::uint32_t m_foundNode = 0;
    std::size_t m_foundAt = 0;
    std::uint64_t m_generation = 0;
    QTimer m_appendTimer;
    QThreadPool m_pool; ///< last: its end waits for what is looked through
};

} // namespace weir
