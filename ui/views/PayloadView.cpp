// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/PayloadView.h"

#include "core/capture/MessageJson.h"
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/theme/Theme.h"
#include "ui/views/HexDelegate.h"
#include "ui/views/HugeTableView.h"
#include "ui/views/RowDelegate.h"

#include <QButtonGroup>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

namespace weir {
namespace {

constexpr std::size_t kFirstText = 64 * 1024; // bytes of text at first: laid out within a frame
constexpr std::size_t kLine = 2000;           // bytes after which a line is broken: Qt lays out line by line

/// Breaks lines that are longer than kLine, on whole characters.
QString broken(std::string_view text)
{
    QString out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        while (line.size() > kLine) {
            std::size_t cut = kLine;
            while (cut > 1 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80)
                --cut;
            out += toText(line.substr(0, cut)) + QLatin1Char('\n');
            line.remove_prefix(cut);
        }
        out += toText(line);
        if (end != std::string_view::npos)
            out += QLatin1Char('\n');
    }
    return out;
}

} // namespace

/// What another thread found out about a payload.
struct PayloadView::Looked
{
    bool isText = false;
    std::shared_ptr<const JsonOutline> json;
};

PayloadView::PayloadView(QWidget* parent)
    : QWidget(parent),
      m_formButtons(new QButtonGroup(this)),
      m_find(new QLineEdit(this)),
      m_note(new QLabel(this)),
      m_more(new QToolButton(this)),
      m_forms(new QStackedWidget(this)),
      m_tree(new QTreeView(this)),
      m_text(new QPlainTextEdit(this)),
      m_hexView(new HugeTableView(this))
{
    buildForms();
    m_note->setWordWrap(true);
    m_note->setObjectName(QStringLiteral("payloadNote"));
    m_more->setText(tr("Show all"));
    connect(m_more, &QToolButton::clicked, this, [this] {
        m_wanted = m_bytes->size();
        m_appendTimer.start();
    });
    m_appendTimer.setInterval(0);
    connect(&m_appendTimer, &QTimer::timeout, this, &PayloadView::appendText);
    auto* note = new QHBoxLayout;
    note->addWidget(m_note, 1);
    note->addWidget(m_more);
    note->setContentsMargins(4, 0, 4, 0);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addWidget(buildTools());
    auto* findRow = new QHBoxLayout;
    findRow->addWidget(m_find);
    findRow->setContentsMargins(4, 0, 4, 0);
    column->addLayout(findRow);
    column->addLayout(note);
    column->addWidget(m_forms, 1);
    setMessage(nullptr);
}

PayloadView::~PayloadView() = default;

QWidget* PayloadView::buildTools()
{
    auto* tools = new QWidget(this);
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(4, 0, 4, 0);
    row->setSpacing(4);
    const std::array<std::pair<Form, QString>, 3> forms{
        {{Form::Json, tr("JSON")}, {Form::Text, tr("Text")}, {Form::Hex, tr("Hex")}}};
    for (const auto& [form, text] : forms) {
        auto* button = new QToolButton(tools);
        button->setText(text);
        button->setCheckable(true);
        m_formButtons->addButton(button, static_cast<int>(form));
        row->addWidget(button);
    }
    connect(m_formButtons, &QButtonGroup::idClicked, this,
            [this](int id) { setForm(static_cast<Form>(id)); });
    m_find->setPlaceholderText(tr("Find in payload (Enter: next)"));
    m_find->setToolTip(tr("Enter: next, Shift+Enter: previous. 0x… finds bytes."));
    m_find->setAccessibleName(tr("Find in payload"));
    m_find->setClearButtonEnabled(true);
    m_find->setMinimumWidth(70);
    connect(m_find, &QLineEdit::returnPressed, this,
            [this] { find(QGuiApplication::keyboardModifiers().testFlag(Qt::ShiftModifier)); });
    row->addStretch(1);
    auto* copyButton = new QToolButton(tools);
    copyButton->setText(tr("Copy"));
    copyButton->setToolTip(tr("Copy the whole payload"));
    connect(copyButton, &QToolButton::clicked, this, &PayloadView::copy);
    row->addWidget(copyButton);
    auto* saveButton = new QToolButton(tools);
    saveButton->setText(tr("Save…"));
    saveButton->setObjectName(QStringLiteral("payloadSave"));
    saveButton->setToolTip(tr("Write the payload to a file, byte for byte"));
    connect(saveButton, &QToolButton::clicked, this, &PayloadView::save);
    row->addWidget(saveButton);
    return tools;
}

void PayloadView::buildForms()
{
    m_tree->setObjectName(QStringLiteral("payloadJson"));
    m_tree->setAccessibleName(tr("Payload as JSON"));
    m_tree->setModel(&m_json);
    m_tree->setItemDelegate(new RowDelegate(m_tree));
    m_tree->setUniformRowHeights(true);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->header()->setStretchLastSection(true);
    m_tree->header()->resizeSection(0, 130);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &PayloadView::showJsonMenu);
    m_text->setObjectName(QStringLiteral("payloadText"));
    m_text->setAccessibleName(tr("Payload as text"));
    m_text->setReadOnly(true);
    m_text->setFont(Theme::dataFont());
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_text->setUndoRedoEnabled(false);
    m_hexView->setObjectName(QStringLiteral("payloadHex"));
    m_hexView->setAccessibleName(tr("Payload as bytes"));
    m_hexView->setFollowEnabled(false);
    m_hexView->setItemDelegate(new HexDelegate(m_hexView));
    m_hexView->setModel(&m_hex);
    m_hexView->setFont(Theme::dataFont());
    const int digit = QFontMetrics(Theme::dataFont()).horizontalAdvance(QLatin1Char('0'));
    m_hexView->header()->resizeSection(0, digit * 8 + 16);
    m_hexView->header()->resizeSection(1, digit * 49 + 16);
    m_hexView->header()->resizeSection(2, digit * 16 + 16);
    m_forms->addWidget(m_tree);
    m_forms->addWidget(m_text);
    m_forms->addWidget(m_hexView);
}

PayloadView::Form PayloadView::form() const
{
    return static_cast<Form>(m_forms->currentIndex());
}

void PayloadView::setMessage(std::shared_ptr<const MessageDetails> message)
{
    ++m_generation;
    m_message = std::move(message);
    m_bytes = m_message ? std::shared_ptr<const std::string>(m_message, &m_message->payload)
                        : std::make_shared<const std::string>();
    m_appendTimer.stop();
    m_json.setOutline(nullptr);
    m_hex.setBytes(m_bytes);
    m_text->clear();
    m_isText = false;
    m_shown = 0;
    m_foundNode = 0;
    m_foundAt = 0;
    m_ready = !m_message;
    setEnabled(m_message != nullptr);
    updateNote();
    if (!m_message)
        return;
    m_pool.start([this, bytes = m_bytes, generation = m_generation] {
        Looked looked;
        looked.isText = isUtf8(*bytes);
        if (looked.isText) {
            if (auto outline = JsonOutline::parse(bytes))
                looked.json = std::make_shared<const JsonOutline>(std::move(*outline));
        }
        QMetaObject::invokeMethod(
            this,
            [this, generation, looked = std::move(looked)]() mutable {
                if (generation == m_generation)
                    take(std::move(looked));
            },
            Qt::QueuedConnection);
    });
}

void PayloadView::take(Looked looked)
{
    m_ready = true;
    m_isText = looked.isText;
    const bool isTree = looked.json && looked.json->nodes().front().children > 0;
    m_json.setOutline(isTree ? looked.json : nullptr);
    m_tree->expandToDepth(m_json.outline() && m_json.outline()->nodes().size() < 200 ? 2 : 0);
    m_formButtons->button(static_cast<int>(Form::Json))->setEnabled(isTree);
    m_formButtons->button(static_cast<int>(Form::Json))
        ->setToolTip(isTree ? QString() : tr("The payload is not a JSON object or array"));
    setForm(isTree ? Form::Json : m_isText ? Form::Text : Form::Hex);
}

void PayloadView::setForm(Form form)
{
    m_forms->setCurrentIndex(static_cast<int>(form));
    m_formButtons->button(static_cast<int>(form))->setChecked(true);
    if (form == Form::Text && m_shown == 0)
        showText();
    updateNote();
}

void PayloadView::showText()
{
    m_text->clear();
    m_shown = 0;
    m_wanted = std::min(kFirstText, m_bytes->size());
    appendText();
}

/// Adds one piece, so that the window stays fluid however much is to come.
void PayloadView::appendText()
{
    const std::size_t end = std::min(m_wanted, m_shown + kFirstText);
    std::size_t cut = end;
    while (m_isText && cut < m_bytes->size() && cut > m_shown &&
           (static_cast<unsigned char>((*m_bytes)[cut]) & 0xC0U) == 0x80)
        --cut;
    const std::string_view piece = std::string_view(*m_bytes).substr(m_shown, cut - m_shown);
    QTextCursor cursor(m_text->document());
    cursor.movePosition(QTextCursor::End);
    // Where it is no text, what is not printable is escaped; its rows are as long as those of long lines.
    cursor.insertText(m_isText ? broken(piece) : broken(escaped(piece, piece.size()).toStdString()));
    m_shown = cut;
    if (cut >= m_wanted || piece.empty())
        m_appendTimer.stop();
    updateNote();
}

void PayloadView::updateNote()
{
    QString note;
    const std::size_t size = m_bytes->size();
    if (!m_message)
        note.clear();
    else if (!m_ready)
        note = tr("Looking through %1 …").arg(shortBytes(static_cast<double>(size)));
    else if (size == 0)
        note = tr("The payload is empty.");
    else if (form() == Form::Text && m_shown < size)
        note = tr("The first %1 of %2.")
                   .arg(shortBytes(static_cast<double>(m_shown)), shortBytes(static_cast<double>(size)));
    else if (form() == Form::Text && !m_isText)
        note = tr("This is not UTF-8: what is not text is escaped.");
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_more->setVisible(m_ready && form() == Form::Text && m_shown < size && !m_appendTimer.isActive());
}

} // namespace weir
