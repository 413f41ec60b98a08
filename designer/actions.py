"""The table of everything that the window can do: menus, toolbar, search and shortcut sheet are read from it."""

from __future__ import annotations

from PySide6.QtWidgets import QWhatsThis

from core.layers import CATALOGUE, FAMILIES
from designer import deeds
from designer.action import Action, Several, Table
from designer.conditions import can_export, has_engines, has_nodes, has_selection, is_active, shows_run
from designer.docks import BELOW
from designer.submenus import choose_theme, examples, layers_of, recent, switch_dock

PARTS = "Move the focus between canvas, palette, form, docks and toolbar"
ALL_DOCKS = ("Layers", "Properties", *BELOW)

FILE: Table = (
    Action("new", "&New", "&File", lambda w: w.files.new(), ("Ctrl+N",), tip="Begin with an empty canvas"),
    Several("&File/New from example", examples),
    Action("open", "&Open…", "&File", lambda w: w.files.open(), ("Ctrl+O",), tip="Open a project file"),
    Several("&File/Open recent", recent),
    Action("save", "&Save", "&File", lambda w: w.files.save(), ("Ctrl+S",), tip="Save the project", section=1),
    Action(
        "save_as",
        "Save &as…",
        "&File",
        lambda w: w.files.save_as(),
        ("Ctrl+Shift+S",),
        tip="Save under another name",
        section=1,
    ),
    Action(
        "export_python",
        "Python…",
        "&File/Export",
        lambda w: deeds.export(w, "python"),
        (),
        can_export,
        "The model as a Python module",
    ),
    Action(
        "export_script",
        "Training script…",
        "&File/Export",
        lambda w: deeds.export(w, "script"),
        (),
        can_export,
        "A script that trains it alone",
    ),
    Action(
        "export_onnx",
        "ONNX…",
        "&File/Export",
        lambda w: deeds.export(w, "onnx"),
        (),
        can_export,
        "The model for other programs",
    ),
    Action(
        "preferences",
        "Preferences…",
        "&File",
        deeds.open_preferences,
        ("Ctrl+,",),
        tip="What holds for every project",
        section=2,
    ),
    Action("quit", "&Quit", "&File", lambda w: w.close(), ("Ctrl+Q",), tip="Close the window", section=2),
)

EDIT: Table = (
    Action(
        "undo",
        "&Undo",
        "&Edit",
        lambda w: w.document.undo_stack.undo(),
        ("Ctrl+Z",),
        lambda w: w.document.undo_stack.canUndo(),
        "Take the last step back",
    ),
    Action(
        "redo",
        "&Redo",
        "&Edit",
        lambda w: w.document.undo_stack.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        lambda w: w.document.undo_stack.canRedo(),
        "Do it again",
    ),
    Action(
        "cut", "Cu&t", "&Edit", lambda w: w.canvas.cut(), ("Ctrl+X",), has_selection, "Cut the selected nodes", 1, True
    ),
    Action(
        "copy",
        "&Copy",
        "&Edit",
        lambda w: w.canvas.copy(),
        ("Ctrl+C",),
        has_selection,
        "Copy the selected nodes",
        1,
        True,
    ),
    Action(
        "paste",
        "&Paste",
        "&Edit",
        lambda w: w.canvas.paste(),
        ("Ctrl+V",),
        tip="Put copied nodes into the drawing",
        section=1,
        local=True,
    ),
    Action(
        "duplicate",
        "&Duplicate",
        "&Edit",
        lambda w: w.canvas.duplicate(),
        ("Ctrl+D",),
        has_selection,
        "Copy and paste the selected nodes",
        1,
        True,
    ),
    Action(
        "delete",
        "De&lete",
        "&Edit",
        lambda w: w.canvas.delete_selected(),
        ("Delete", "Backspace"),
        tip="Take the selected nodes and links away",
        section=1,
        local=True,
    ),
    Action(
        "delete_reconnect",
        "Delete and reconnect",
        "&Edit",
        deeds.delete_and_reconnect,
        ("Ctrl+Delete", "Ctrl+Backspace"),
        has_selection,
        "Take the selected nodes away and join what they stood between",
        1,
        True,
    ),
    Action(
        "select_all",
        "Select &all",
        "&Edit",
        lambda w: w.canvas.select_all(),
        ("Ctrl+A",),
        has_nodes,
        "Select every node",
        2,
        True,
    ),
    Action(
        "rename",
        "Re&name…",
        "&Edit",
        deeds.rename,
        ("F2",),
        lambda w: len(w.selected) == 1,
        "Give the selected node another name",
        2,
    ),
)

VIEW: Table = (
    *(switch_dock(key) for key in ALL_DOCKS),
    *(choose_theme(name) for name in ("system", "dark", "light")),
    Action(
        "frame_all",
        "Frame all",
        "&View",
        lambda w: w.canvas.frame_all(),
        ("Home",),
        has_nodes,
        "Show the whole drawing",
        2,
        True,
    ),
    Action(
        "frame_selection",
        "Frame selection",
        "&View",
        lambda w: w.canvas.frame_selected(),
        ("F",),
        has_selection,
        "Show what is selected",
        2,
        True,
    ),
    Action(
        "zoom_100",
        "Zoom 100 %",
        "&View",
        deeds.zoom_100,
        ("Ctrl+0",),
        tip="Show the drawing in its own size",
        section=2,
    ),
    Action("next_part", "Next part", "&View", lambda w: deeds.step_part(w, 1), ("F6",), tip=PARTS, section=3),
    Action("last_part", "Last part", "&View", lambda w: deeds.step_part(w, -1), ("Shift+F6",), tip=PARTS, section=3),
    Action(
        "reset_layout",
        "Reset layout",
        "&View",
        lambda w: w.docks.reset(),
        tip="Put every dock back to its place",
        section=3,
    ),
)

NETWORK: Table = (
    Action(
        "quick_add",
        "Add layer…",
        "&Insert",
        lambda w: w.canvas.open_quick_add(),
        (),
        tip="Search a layer and put it under the cursor (Tab on the canvas)",
    ),
    *(layers_of(family) for family in FAMILIES if any(each.family == family for each in CATALOGUE.values())),
    Action(
        "check",
        "Check problems",
        "&Network",
        lambda w: w.docks.show("Problems"),
        ("F8",),
        tip="Show what stands in the way of training",
    ),
    Action(
        "data_set",
        "Data set…",
        "&Network",
        lambda w: w.choose_data(),
        ("Ctrl+Shift+D",),
        has_engines,
        "Choose what the network is trained on",
    ),
    Action(
        "mute",
        "Mute",
        "&Network",
        lambda w: w.canvas.mute_selected(),
        ("M",),
        has_selection,
        "Let the selected nodes pass their input through",
        1,
        True,
    ),
)

TRAIN: Table = (
    Action(
        "train",
        "&Train",
        "&Train",
        lambda w: w.training.start(),
        ("F5",),
        lambda w: not w.training.obstacle,
        "Train the network on the data set",
    ),
    Action(
        "pause",
        "&Pause",
        "&Train",
        lambda w: w.training.toggle_pause(),
        ("Ctrl+F5",),
        lambda w: w.training.state in ("running", "paused"),
        "Stand still after the current step, or go on",
        checked=lambda w: w.training.state == "paused",
    ),
    Action(
        "stop",
        "&Stop",
        "&Train",
        lambda w: w.training.stop(),
        ("Shift+F5",),
        lambda w: is_active(w) and w.training.state != "stopping",
        "Stop after the current step; best and last weights are kept",
    ),
    Action(
        "evaluate",
        "Evaluate on the test part…",
        "&Train",
        deeds.evaluate,
        (),
        shows_run,
        "Measure the shown run on rows that nothing was chosen by",
        1,
    ),
    Action(
        "training_settings",
        "Training settings…",
        "&Train",
        deeds.open_training,
        ("Ctrl+T",),
        tip="Epochs, batch size, optimizer, learning rate and seed",
        section=2,
    ),
    Action("device", "Device…", "", deeds.open_devices, tip="Where the training runs"),
    Action("export_menu", "Export…", "", deeds.open_exports, (), can_export, "Take the network away as Python or ONNX"),
)

HELP: Table = (
    Action(
        "find_action",
        "Find action…",
        "&Help",
        deeds.find_action,
        ("Ctrl+Shift+P",),
        tip="Type a few letters of anything that the window can do",
    ),
    Action("keys", "&Keys", "&Help", deeds.show_keys, ("F1",), tip="Every key and gesture"),
    Action(
        "what_is",
        "&What is this?",
        "&Help",
        lambda _: QWhatsThis.enterWhatsThisMode(),
        ("Shift+F1",),
        tip="Click anything to read one sentence about it",
    ),
    Action(
        "copy_report",
        "Copy report",
        "&Help",
        deeds.copy_report,
        (),
        has_engines,
        "Copy versions, devices and the last error; nothing personal",
        1,
    ),
    Action("about", "&About Layerloom", "&Help", deeds.show_about, tip="What this is, and its version", section=1),
)

ACTIONS: Table = (*FILE, *EDIT, *VIEW, *NETWORK, *TRAIN, *HELP)
