<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" sourcelanguage="en">
    <context>
        <name>Layerloom</name>
        <message>
            <location filename="../../designer/action.py" />
            <source>There is nothing here that this could be done to.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/action.py" />
            <source> or </source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/action.py" />
            <source>None yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Move the focus between canvas, palette, form, docks and toolbar</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;New</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Start pa&amp;ge</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Open…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Save</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Save &amp;as…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Python…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>The model as a Python module</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Training script…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>A script that trains it alone</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>ONNX…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>The model for other programs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Picture…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>The drawing as SVG, PDF or PNG</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Preferences…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Quit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Undo</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Take the last step back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Redo</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Do it again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Cu&amp;t</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Cut what is selected</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Copy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Copy the selected nodes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Copy as picture</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put a picture of the selected nodes, or of the whole drawing, on the clipboard</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Paste</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Paste with inputs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Duplicate</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Copy and paste the selected nodes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Duplicate with inputs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Copy the selected nodes and feed the copies with what feeds them</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>De&amp;lete</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Delete and reconnect</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Take the selected nodes away and join what they stood between</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Select &amp;all</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Select every node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Re&amp;name…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Give the selected node another name, or the selected note or frame another text</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Frame all</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Show the whole drawing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Frame selection</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Show what is selected</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Zoom 100 %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Snap to grid</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Legend of links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Next part</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Last part</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Reset layout</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Add layer…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Check problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Data set…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Choose what the network is trained on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Code that is not trusted</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Show the next node whose Python code is not run until you trust it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Mute</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Let the selected nodes pass their input through</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Automatic layout</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put the selected nodes, or all, in order from left to right; long chains are wrapped into rows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Distribute horizontally</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Make the gaps between the selected nodes equally wide</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Distribute vertically</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Make the gaps between the selected nodes equally high</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Straighten links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Move the selected nodes up or down until the links between them are level</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put on the grid</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put the selected nodes on the nearest points of the grid</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Group into a block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Make the selected nodes one node, which can be used any number of times</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Ungroup</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put the nodes of the selected block in its place</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Enter block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Show what is inside the selected block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Leave block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Show the drawing around this block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Make it a block of its own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Give the selected use a copy of its block, so that edits no longer change the other uses</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Save the block in the library</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Keep the selected or shown block for every project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Delete unused blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Take away the blocks that nothing in the drawing uses</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Train</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Train the network on the data set</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Pause</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Stand still after the current step, or go on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Stop</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Stop after the current step; best and last weights are kept</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Evaluate on the test part…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Measure the shown run on rows that nothing was chosen by</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Training settings…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Device…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Export…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Take the network away as Python or ONNX</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Find action…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Guided &amp;tour</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Help on this &amp;layer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>What the selected layer does, with its curve, its shapes and what to use instead</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Keys and gestures…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;What is this?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Copy report</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Copy versions, devices and the last error; nothing personal</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;About Layerloom</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Begin with an empty canvas</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Recent files, and the networks that come along as pictures</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Open a project file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Save the project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Save under another name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>What holds for every project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Close the window</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put copied nodes into the drawing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put copied nodes into the drawing, fed by what fed those that were copied</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Take what is selected away: nodes, links, notes, frames and points</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Show the drawing in its own size</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Let nodes that are dragged land on the grid</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>What the colours and dashes of links mean</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put every dock back to its place</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Search a layer and put it under the cursor (Tab on the canvas)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Show what stands in the way of training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Epochs, batch size, optimizer, learning rate and seed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Where the training runs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Type a few letters of anything that the window can do</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Draw and train a first network in two minutes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Every key and gesture on one sheet, and the way to other keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Click anything to read one sentence about it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>What this is, and its version</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Align left</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put the left sides of the selected nodes on one line</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Align centres</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put the middles of the selected nodes on one upright line</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Align right</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put the right sides of the selected nodes on one line</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Align top</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put the tops of the selected nodes on one line</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Align middles</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put the middles of the selected nodes on one level line</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Align bottom</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Put the bottoms of the selected nodes on one line</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/bindings.py" />
            <source>adds a layer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/bindings.py" />
            <source>pans while it is held</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/bindings.py" />
            <source>opens the form of the selected node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/bindings.py" />
            <source>cancels and leaves a block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/bindings.py" />
            <source>walks along links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/bindings.py" />
            <source>moves the selected nodes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/bindings.py" />
            <source>{shown} {does} on the canvas and cannot be given away: press other keys.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/bindings.py" />
            <source>{words} answers anywhere in the window, where {shown} alone is typed as text: press it together with Ctrl or Alt, or a key from F1 on.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/bindings.py" />
            <source>{shown} belongs to {words}: take it over, or press other keys for {words2}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Change the parameter {name} of {block}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Name of the block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Its name, everywhere it is used, and the name of its class in the source</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Name of the block, fault</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>What the block does</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>One sentence, which palette, help and source show</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>What it does, in one sentence</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>How often the block is used</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Add a parameter</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>A setting that each use may give a value of its own; nodes inside refer to it by its name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Save in the library</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Keep this block, and what it uses, for every project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Shows the node: its name is the name of the port</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Add a parameter to {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Rename the parameter {old} to {new}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Remove the parameter {name} of {block}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>PARAMETERS</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>WHAT GOES IN AND OUT</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Used {count} times: an edit here changes all of them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Used once.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>in</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Say what {name} does</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Move the parameter {name} of {block} {value}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>No ends</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>Nothing yet: add Input and Output nodes, they become its ports.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>down</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/block_page.py" />
            <source>up</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>Where you are</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>Leave this block (Ctrl+Backspace)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>Leave this block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>How often this block is used</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>edits change every use, {count} in all</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>used once</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>untitled</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>used nowhere</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>Shown now</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/breadcrumb.py" />
            <source>Back to {word}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/accessible.py" />
            <source>Taken back: {words}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>The layout is being worked out; you can go on meanwhile.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>Arrange all</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>Align {side}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>Distribute {way}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>There is nothing to arrange: add some layers first, with Tab.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>The layout could not be worked out; the drawing is as it was.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>Arrange</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>Everything stands where the layout would put it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>Straighten</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>Nothing was straightened: the links are level, or another node is in the way.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>The selected nodes stand on the grid already.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/arranging.py" />
            <source>The layout was given up, since another drawing is shown now; press Ctrl+L again there.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/badges.py" />
            <source>∇ not finite</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/badges.py" />
            <source>see advice</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>Let {node_id} use the weights of {owner}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>Give {node_id} weights of its own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>Select one node that uses a block: only a block can be entered.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>Group</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>Select a node that uses a block: only a block can be ungrouped.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>Ungroup</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>Give {node_id} a block of its own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>{node_id} uses {name} now, which nothing else does: edit it freely.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>Select a node that uses a block, or enter one, to save it in the library.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>{name} is in your library and hides the one that comes along: rename it and save it to have both.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/blocks.py" />
            <source>{name} is in your library: every project finds it in the palette, under Library blocks.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Paste {spoken}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Add {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Collapse</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Open</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Hide unused ports of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Show all ports of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Insert {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Add {name} {value} {node_id}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>{refused}, which uses it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>{block} cannot hold {inside}: a block that holds itself has no end.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Disconnect {target}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Nothing was pasted: the clipboard holds no nodes; copy some with Ctrl+C first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Swap for: type a name or what it does</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Cut</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Duplicate</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source> with inputs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Move</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Delete</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source> and reconnect</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/board.py" />
            <source>Unmute</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/canvas.py" />
            <source>Canvas</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/canvas.py" />
            <source>Drawing of the network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/canvas.py" />
            <source>Note or frame</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/canvas.py" />
            <source>Node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/canvas.py" />
            <source>Link</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>unknown layer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>weights of {shares}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>, frozen</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>muted: counts 0</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>muted: passes through</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>shape typed by hand</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source> classes {dtype}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>gives </source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>note: {note}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>what each use brings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>not yet Python</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/cards.py" />
            <source>no {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/changes.py" />
            <source>the frame {value}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/changes.py" />
            <source>{verb} {count} nodes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/changes.py" />
            <source>{count} items</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/changes.py" />
            <source>a point of a link</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/changes.py" />
            <source>{count} points of links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/clipboard.py" />
            <source>The clipboard</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>{name} is an {side} too: a link joins an output to an input.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>{node_id} has no port {name}; connect to one that it has.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>This would close a cycle: {target} already leads to {source}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>{node_id} has no {value}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>Connect {source} to {target}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>A node cannot feed itself.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>Re-route {source} to {target}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>Move {count} links to {node_id}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>A link joins an output to an input.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>Disconnect {next}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/connecting.py" />
            <source>Disconnect {count} links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/drawing.py" />
            <source>{classes} classes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/finding.py" />
            <source>(no words)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/finding.py" />
            <source>in {block}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/floating.py" />
            <source>Hint</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/floating.py" />
            <source>{count} nodes selected</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/floating.py" />
            <source>{join}: open the node (H) to see each of them</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/floating.py" />
            <source>Selected: </source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/floating.py" />
            <source> (this layer has no such port)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Add</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Nodes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Select</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>See</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Tab, Shift+A, or double-click on empty canvas</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Search a layer and put it under the cursor</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag from the palette</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Add a layer where it is let go</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drop a layer on a link</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Put it into the link; hold Alt to leave the link alone</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drop a project, a table or a picture</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Open it, choose it as data, or try it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag from a port to a port</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Link them; ports that fit stand out, the others say why not</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag from a port to empty canvas</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Choose one of the layers that fit, linked at once</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag a linked input, or a link near its end, elsewhere</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Lead that end of the link elsewhere</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Shift+drag from an output</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Lead all of its links to another output</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag the end of a link to empty canvas</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Take the link away</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Ctrl+drag with the right button</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Cut every link that the line crosses</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Alt+drag with the right button from node to node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Link the first ports that fit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Double-click on a link</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Put a reroute point there</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Double-click on a reroute point</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Take it away</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag a node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Move what is selected</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag nodes without links onto a link</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Put them into the link; hold Alt to leave the link alone</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Alt+drag a node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Take it out of its links and join what it stood between</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Double-click on a value in a node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Edit it there; Enter takes it, Escape leaves it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Double-click on a node's name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Rename it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Double-click on a block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Enter it; on a value of its, edit that</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Ctrl+arrow key</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Move what is selected by half a square</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag the title of a frame</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Move it with all that lies wholly in it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag a side or corner of a note or frame</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Make it larger or smaller</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Double-click on a note or a frame's title</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Write in it; Ctrl+Enter or a click elsewhere keeps it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Enter</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Open the form of the selected node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Click</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Select a node or a link; with Shift or Ctrl, add a node or take it out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag over empty canvas</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Select what the box touches; with Shift, add it; with Ctrl, take it out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Arrow keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Walk along links (left and right) and to the nodes above and below</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Escape</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Give up the gesture; else select nothing; else leave the block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag with the middle button, or with Space held</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Move the view</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Wheel, or pinch</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Zoom at the cursor</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Two fingers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Move the view; with Ctrl, zoom</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Drag near the edge</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>The view follows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Click or drag in the small map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gesture_table.py" />
            <source>Look there</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gestures.py" />
            <source>Move {spoken}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gestures.py" />
            <source>Detach</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/gestures.py" />
            <source>Insert</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/joining.py" />
            <source>{source} already feeds {target}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/joining.py" />
            <source>{source} has no output.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/joining.py" />
            <source>{target} has no input.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/legend.py" />
            <source>decimal numbers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/legend.py" />
            <source>whole numbers, true or false</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/legend.py" />
            <source>not known yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/legend.py" />
            <source>does not fit: see the node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/menus.py" />
            <source>Edit…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/menus.py" />
            <source>Links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/menus.py" />
            <source>No other node: its own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/menus.py" />
            <source>Shares weights of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/menus.py" />
            <source>Insert a layer…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/menus.py" />
            <source>Add a layer…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/minimap.py" />
            <source>Minimap</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/minimap.py" />
            <source>The whole drawing; drag to move what is seen.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/pick_list.py" />
            <source>Nothing was found.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/pick_list.py" />
            <source>{name}: found</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/pick_list.py" />
            <source>{name}: note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>as shown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>light, for print</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>dark</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>SVG</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>SVG and PDF stay sharp at every size; PNG is pixels.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>Light colours are for paper.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>Pixels of the picture for each pixel at 100 %.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>Room around the drawing, in pixels at 100 %.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>Whether the ground is painted; without, what lies below shows through.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>Whether the shapes of what flows stand on the links.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>Title</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>Software</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>Layerloom</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>PDF</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>PNG</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture.py" />
            <source>A neural network, drawn with Layerloom</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_gestures.py" />
            <source>Resize {spoken}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_menus.py" />
            <source>Write a note here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_menus.py" />
            <source>Edit the text…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_menus.py" />
            <source>Colour</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_menus.py" />
            <source>Add a point here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_menus.py" />
            <source>Straighten the link</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_menus.py" />
            <source>Take the point away</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_work.py" />
            <source>Put a frame around {spoken}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_work.py" />
            <source>Name {spoken}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_work.py" />
            <source>Colour {spoken} {colour}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_work.py" />
            <source>{count} notes, frames and points selected</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_work.py" />
            <source>Bend the link to {target}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_work.py" />
            <source>Straighten the link to {target}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_work.py" />
            <source>Add a note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_work.py" />
            <source>Write on a note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/picture_work.py" />
            <source>point of the link from {source} to {target}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source>No node is called that, or has that layer, value or note.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source>Connect to: type a name or a layer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source>Nothing that {node_id} could be linked to is called that.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source>Set {name} of {node_id}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source>Reset {name} of {node_id}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source>Rename {node_id} to {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source> · now {source}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source>Find a node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source>Find by name, layer, value or note; Enter goes on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/popups.py" />
            <source>Connect from here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/problem_card.py" />
            <source>Problem</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/problem_card.py" />
            <source>Why</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/problem_card.py" />
            <source>Explain</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/problem_card.py" />
            <source>Repair</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/problem_card.py" />
            <source>Explain this problem</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/problem_card.py" />
            <source>Problem of {node}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/problem_card.py" />
            <source>Less</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/quick_add.py" />
            <source>Add a layer: its name or what it does</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/quick_add.py" />
            <source>Quick add</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/quick_add.py" />
            <source>Nothing that fits here is called {typed}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/rewiring.py" />
            <source>{node_id} is a source and has no input to pass on: delete it, or mute what it feeds</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/right_drag.py" />
            <source>Cut the link to {target}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/right_drag.py" />
            <source>Cut {count} links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/spoken.py" />
            <source>error</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/spoken.py" />
            <source>warning</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/spoken.py" />
            <source>note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/spoken.py" />
            <source>from {join}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/spoken.py" />
            <source>gives {join}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/spoken.py" />
            <source>muted</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/spoken.py" />
            <source> and </source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/text_editor.py" />
            <source>Text of the note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/text_editor.py" />
            <source>Title of the frame</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/text_editor.py" />
            <source>Note; Ctrl+Enter keeps it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/tints.py" />
            <source>Grey</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/tints.py" />
            <source>Blue</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/tints.py" />
            <source>Green</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/tints.py" />
            <source>Yellow</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/tints.py" />
            <source>Orange</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/tints.py" />
            <source>Red</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/tints.py" />
            <source>Purple</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/value_card.py" />
            <source>Value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/value_card.py" />
            <source>Name, fault</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/value_card.py" />
            <source>{name} of {node_id}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/value_card.py" />
            <source>Name of {node_id}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>Connect {count} nodes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>Swap {node_id} for {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>{node_id} is one already.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>{name} has not the ports for the links of {node_id}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>Nothing was detached: select a node that has links to others.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>Nothing was swapped: select a node with two inputs, at least one of them linked.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>Select one node to swap its layer for another.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>Not muted: {refused}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>{node_id} is muted and passes on {shape_text} {dtype}, where it gave {shape_text2} {dtype2}: what it feeds may not take that.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>Swap the inputs of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>Select the node to connect from, then press C; with several, they are linked in order.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas/wiring.py" />
            <source>{source} cannot feed {target}: {target} already leads to {source}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Swap for another layer…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Put another layer in the place of the selected one; links stay, and so do the settings that both have</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Edit the main setting</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Edit the first setting of the selected node where it stands</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Connect from here…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>List what the selected node can be linked to; several selected nodes are linked in their order</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Take the selected nodes out of their links and join what they stood between</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Swap inputs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Change over what arrives at the first two inputs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Select what feeds it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Select every node that leads to the selected ones as well</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Select what it feeds</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Select every node that the selected ones lead to as well</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>&amp;Find…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Find nodes by name, layer, value or note, in blocks too, and go there</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Highlight the path</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/canvas_actions.py" />
            <source>Let the way through the selected nodes stand out, and dim the rest</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>Tab indents, Ctrl+Enter takes the text over, Escape leaves it; what is typed is taken over on leaving, too.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>{name}, fault</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>Open in a window</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>Open {name} in a window</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>The same text with more room, beside the window. {HOW}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>Tab indents, Ctrl+Enter takes the text over; closing does so, too.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>How to take the text over</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>Close</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>Line {line} is no Python: {msg}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/code_editor.py" />
            <source>This is no Python that can be read: {value}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Select a node first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Select a node, a note or a frame first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Select a note or a frame first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>There is no note and no frame in this drawing yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Select one node, note or frame first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Select two nodes or more first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Select three nodes or more first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>There is no layer in this drawing yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Select one node that uses a block first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>No block is entered: the whole network is shown.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>The engine is still starting.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>No training is running.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Train first, or open a run that has ended.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>The model has an error: see Problems (F8).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Select exactly one node first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Nothing was done yet that could be taken back.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Nothing was taken back that could be done again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>No code in this project waits for your trust.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>Select a node that uses a block, or enter one, first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>This project has no blocks.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>No training is running, or it stops already.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>The engine is still checking the network.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/conditions.py" />
            <source>There is no model to take away yet: add an Output, or a loss on what the network computes.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/costs.py" />
            <source>{memory_text} kept in training at batch {batch_size}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/costs.py" />
            <source>What it costs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/costs.py" />
            <source>&lt;b&gt;Network&lt;/b&gt; {size} a sample</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/costs.py" />
            <source>&lt;b&gt;Memory of a step&lt;/b&gt; at batch {batch_size}: {memory_text}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/costs.py" />
            <source>What it costs is not known yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/costs.py" />
            <source>{grouped} of the parameters are frozen</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/costs.py" />
            <source>&lt;b&gt;A run&lt;/b&gt; takes {estimate_text}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/costs.py" />
            <source>&lt;b&gt;A run&lt;/b&gt; is being estimated…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/costs.py" />
            <source>&lt;b&gt;A run&lt;/b&gt; &lt;a href="{ESTIMATE}"&gt;Estimate its time and memory&lt;/a&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Rows: {parts}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Data set</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Data sets</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Settings of the data set</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>How the rows are split</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Field</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Field for {node}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Choose data set {title}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>to train</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>to validate</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>to test</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>, {count} classes: {few}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>About the data set</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>What is in it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Choose a data set</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Real data that comes along, toys in the plane, or your own files.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/data_dialog.py" />
            <source>Reading…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>Delete the block {names}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>Delete {count} unused blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>{join} went, because nothing used {value}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>Training settings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>Device</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>Export</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>Preferences</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>About Layerloom</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>&lt;b&gt;Layerloom&lt;/b&gt; {version}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>Draw a neural network, see at once whether it fits together, train it, look inside it, take it away as code. Apache License 2.0.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>Every block is used: there is nothing to delete.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>The report is on the clipboard: versions, devices and the last error, nothing personal.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>from source</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/deeds.py" />
            <source>Set device</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/disk.py" />
            <source>process {pid} on {host}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/disk.py" />
            <source>process {pid}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Outline</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>History</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Properties</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Loss</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Histograms</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Predictions</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Try it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Runs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Source</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>What is this? {WHAT_IS}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Hide {key} (View shows it again)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>What is this?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Hide</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Back into the window</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Float</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/docks.py" />
            <source>Docks in one place</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/document.py" />
            <source>Reload {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/document.py" />
            <source>{name} is saved, but its last version was not kept as a backup: {reason}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/document.py" />
            <source>{name} was changed by another program, so it was not saved over.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/editors.py" />
            <source>several values</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/editors.py" />
            <source>Choose a file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/editors.py" />
            <source>Choose a file for {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/editors.py" />
            <source>Files that fit ({endings});;All files (*)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/editors.py" />
            <source>All files (*)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/editors.py" />
            <source>{value} (not known)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/editors.py" />
            <source>not chosen</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/engines.py" />
            <source>{sentence} A new one is started.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/engines.py" />
            <source>The run did not stop within five seconds and was ended; its last saved weights are kept.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/engines.py" />
            <source>Cancelled.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/engines.py" />
            <source>The engine cannot be asked about this: {error}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/entries.py" />
            <source>Blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Export the model as Python</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Export a training script</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Export to ONNX</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Written: {names}. {measured}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Largest difference from the app's own model: {difference}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Evaluate on the test part</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Measure this run on the test part?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>It has not been used for this run yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>It was used once for this run already</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>It was used {uses} times for this run already</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>The test part is for one honest measurement at the end: choosing networks by it makes the score too good. {used}; each use is recorded in the run.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Measure</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Measuring on the test part</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>ONNX files (*.onnx)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>{TITLES}: choose a folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Its numbers were not compared with the app's own model.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>Show folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/exports.py" />
            <source>On the test part: {metrics} (use {uses}, recorded in the run).{note}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/faults.py" />
            <source>Something unexpected happened ({what}); your work is kept, and the details are in {file}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Layerloom projects (*.loom);;All files (*)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>{day} at {when:%H:%M}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>today</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>This is {name} as it was saved {clock}; save it to keep it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Unsaved changes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>this network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Save the changes to {name}?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>What is not saved is lost.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Save as…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Save what you see under another name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>{short} was changed by another program{value}{time}: you see another version.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>{short} is open in another window ({holder}), which does not see what you save.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>on {day} {when:%B}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Open a project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Save it again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Write what you see to {path}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>{short} was deleted or moved by another program; the network is still here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>{error} The network is still open and unchanged.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Reload</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Take over the version on the disk; undo brings yours back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Keep mine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Go on with what you see: the next save puts it in place of the other</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Save anyway</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source>Save here each time I say so, without asking again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/files.py" />
            <source> at </source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/find_action.py" />
            <source>Find action</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/find_action.py" />
            <source>Find an action, a layer, an example…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/find_action.py" />
            <source>Actions found</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/find_action.py" />
            <source>cannot be done now: {why}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>{help} It is {expected}; {default} by default.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>{name}, name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>Back to the default: {default}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>Reset {name} to {default}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>Reset all</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>Every setting as it is on a layer that was just added</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>Reset all settings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>{count}, {changed} changed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>Fewer settings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/form.py" />
            <source>More settings ({said})</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Every layer that can be drawn, by family; drag one onto the canvas, or press Enter on it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>The settings of what is selected, what flows in and out of it, and what it does.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>How far the network is from the right answers, at each step in training and each epoch in validation.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>How the weights of a layer are spread while it learns; a spread that never moves is not learning.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Validation rows that the network was never trained on, worst first, with what it says about each.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Draw, type or drop one input of your own and see what the trained network says to it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Every run so far with its score; open one to see its curves again, or use its weights for an export.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>The Python that this drawing stands for; it is what is trained and what is exported.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>What stands in the way of training or is worth a second look, each with its place and its repair.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Every node of the network by name, with what is inside blocks; choose one to see it in the drawing.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Every step that was done to this network; choose one to see it as it was then.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>The drawing of the network: drop layers on it, join their ports, press Tab to search for a layer.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>; it matters while {name} is {join}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>{value} more of these, up to {name}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>&lt;h3&gt;Parameters&lt;/h3&gt;&lt;table width="100%"&gt;{rows}&lt;/table&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>&lt;h3&gt;Where it comes from&lt;/h3&gt;&lt;p&gt;{join}&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source> · torch.{torch_name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>&lt;h3&gt;When to use it&lt;/h3&gt;&lt;p&gt;{linked}&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Goes in</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Comes out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>its own example</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source> &lt;span class="now"&gt;Here it is {escape}.&lt;/span&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>{expected}; {default} by default{when}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>&lt;a href="{torch_page}"&gt;torch.{escape}&lt;/a&gt; on torch’s own pages</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Buttons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Help</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Back to the page before</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>{name}: help</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>{node_id} · {name}: help</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Nothing.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>any number of links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>A tensor.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source> In {unit}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Parameters</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>None.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>{name} is not known here any more.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source> with the settings of this node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>Computed by torch{settings}; the dashed line is the slope.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/help_page.py" />
            <source>The curve is being computed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/history_list.py" />
            <source>Opened {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/history_list.py" />
            <source>The beginning</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/history_list.py" />
            <source>Steps that were done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/history_list.py" />
            <source>, shown now</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/history_list.py" />
            <source>, taken back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>{grouped} parameters · {short}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>What flows through is not known yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>What is selected</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>Name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>The name of this node, on the canvas and in the source.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>What flows through</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>What it does</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>Set {name} of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>Make {name} of {value} the parameter {made}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>Reset {name} of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>{count} nodes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>Reset {what}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>Rename {old} to {new}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>&lt;b&gt;In&lt;/b&gt; {join} → </source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>{first}&lt;b&gt;Out&lt;/b&gt; {join}&lt;br&gt;{costs}{memory}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>no parameters</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>THE PROJECT — TRAINING</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>What comes out is not known yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>&lt;b&gt;In&lt;/b&gt; {join} → not known yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>Problem {place}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>More problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>{counted} in the list of problems.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>More…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>{count} × {what} selected</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/inspector.py" />
            <source>THE BLOCK — {within}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/journaling.py" />
            <source>{value} edits</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Anywhere</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>On the canvas</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>&lt;h2&gt;Layerloom: keys and gestures&lt;/h2&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>New keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Press the new keys here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Keys and gestures</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Search an action, a gesture or keys…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Search keys and gestures</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Columns</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>What stands in the way</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Use these keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Remove keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Reset</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Copy sheet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Print…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>The sheet is on the clipboard.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Every action has its own keys again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Toolbar</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>What</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Keys</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Where</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>while the canvas has the focus</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>anywhere in the window</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>{plain} answers {place}. {tip}{value}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>{words} does this already.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>{words} is free.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>One of its own keys belongs to another action now: reset that one too, or all.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>{plain} answers to {keys} now.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>{plain} has no keys now.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>This is a gesture of the canvas and stays as it is; actions can have other keys.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Choose an action, then press its new keys in the line above.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/keys_page.py" />
            <source>Take it over</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>Design</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>Train</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>This layout is kept as {name}: View, Layout brings it back.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>Keep this layout</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>Name of the layout:</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>Keep this layout…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>{name} is a layout that comes along</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>A layout needs a name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>{wrong}: keep this one under another name.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>Keep the docks as they stand now</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>Forget {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>Arrange the docks: {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/layouts.py" />
            <source>Take the layout {name} off this list</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/library.py" />
            <source>{name} hides the library's block of that name in this project: rename it to have both.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/message_bar.py" />
            <source>Message</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/message_bar.py" />
            <source>Kind of message</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/message_bar.py" />
            <source>What can be done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/message_bar.py" />
            <source>Close this message</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/message_bar.py" />
            <source>Cancel</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/note_row.py" />
            <source>Note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/note_row.py" />
            <source>note, name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/note_row.py" />
            <source>A few words of your own; the node shows them at its corner, and nothing is computed from them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/note_row.py" />
            <source>A few words of your own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/note_row.py" />
            <source>Write a note at</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/outline.py" />
            <source>Find a node…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/outline.py" />
            <source>Nodes of the network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/outline.py" />
            <source>Layer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Starter</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>All</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>The layers that most first networks are made of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Every layer there is, by family</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>The set of this project, kept in its file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Palette</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Search {count} layers…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Search layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Type a few letters of a layer, or of what it is for; Enter adds the first one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>The layers at hand: drag one onto the canvas, or press Enter on it; F1 explains it, * stars it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Click to fold or unfold</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Favourites</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Recent</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Project blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>No layer fits “{value}”.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Try what it is for, like</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>“smaller picture” or “words”.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>{name} is not known here; the plugin that brings it may not be installed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>This project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette.py" />
            <source>Library blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_blocks.py" />
            <source>once</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_blocks.py" />
            <source>{count} times</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_blocks.py" />
            <source>Delete the block {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_blocks.py" />
            <source>{name} is no longer in your library.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_blocks.py" />
            <source>Put it back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_blocks.py" />
            <source>The block {name} is used {times}, so that it cannot be deleted: delete what uses it first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Fix the starter set as the palette</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Fix the layers of this drawing as the palette</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Use the starter set</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Take out of this project's palette</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Palette entry</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Add to the drawing	Return</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Help	F1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Change the palette of this project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Fix the palette of this project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Let it go</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Enter	Ctrl+Return</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Rename…	F2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Delete (used {count} times)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Save to the library</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Add to this project's palette</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Move up</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Move down</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>No set of its own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>This project has no palette of its own. Fix one, and everybody who opens the file sees just these layers first; all others stay one search away.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>What a palette of its own is</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Use this drawing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Fix the layers of this drawing as the palette of this project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Use the layers of this drawing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Delete (used once)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Remove from your library	Del</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Take {name} out of the palette</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>No longer a favourite</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Favourite</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Let the palette of this project go</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Add {name} to the palette</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/palette_menu.py" />
            <source>Move {name} in the palette</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>integer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>number</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>yes / no</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>text</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>choice</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>sizes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Parameter</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Name of the parameter</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Its name: expressions inside use it, like =channels * 4</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Type of the parameter</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Default</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>The value where a use says nothing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Least value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>The least value that a use may give; empty for none</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Greatest value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>The greatest value that a use may give; empty for none</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Choices</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>The words to choose from, with commas between them</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>What the parameter does</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>One sentence of help</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>What it is for</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Parameter, fault</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>default</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>from</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>to</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>one of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Parameter {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Remove the parameter {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Remove it; what refers to it inside gets its plain value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Move the parameter {name} up</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Move it up (Alt+Up): its place is that in forms and in the source</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Move the parameter {name} down</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>Move it down (Alt+Down): its place is that in forms and in the source</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>No value is at least {low} and at most {high}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>A choice needs words to choose from, with commas between them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>A bound is a number that 64 bits hold, or nothing.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>{name} must be yes or no, but is “{words}”.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/parameter_row.py" />
            <source>A bound is a number or nothing, but this is “{value}”.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Frame around the selection</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Put a coloured frame with a title behind what is selected; it takes along what lies in it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Next note or frame</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Select the next note or frame of the drawing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Show the headers of the selected nodes alone, or all of them again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Hide unused ports</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Hide the ports of the selected nodes that nothing uses, or show them again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Write a note on the drawing, under the cursor</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Show the selected notes and frames in {colour}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Make the selected notes and frames {lower}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Wider</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Narrower</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Higher</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_actions.py" />
            <source>Lower</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>{format} pictures (*{ending})</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>Network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>The picture is on the clipboard, as pixels and as SVG.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>Export the drawing as a picture</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>Picture</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>The selected node is drawn.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>What is drawn</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>How far the picture is</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>Save…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>Copy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>Save the picture</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source> at {scale:.2f} of its size, since a picture has at most 100 million pixels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>The {part} selected nodes are drawn.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>The whole drawing that is shown is drawn.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>Written: {name}{value}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/picture_dialog.py" />
            <source>The picture could not be written to {path}: {strerror}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>One mean and one spread for each channel, over all samples of the batch.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>One mean and one spread for each channel of each sample.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>One mean and one spread for each group of channels of each sample.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>One mean and one spread for each sample, over all of its numbers on the last axes.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>One root mean square for each sample, over all of its numbers on the last axes.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>is a weighted sum of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>is a norm of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>, over all channels that come in</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>, in each channel for itself</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>Each output {what} the marked cells{channels}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>channels →</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>samples ↓</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>Each output looks at its own part of the input, however large that is.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>Each input is spread over a window of the output; where windows overlap they add up.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>is the largest of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/pictures.py" />
            <source>is the mean of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/advice.py" />
            <source>{upper}{value} on the same split: {value2}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/advice.py" />
            <source>The check found no problem in the drawing.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/advice.py" />
            <source>Nothing to repair</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/advice.py" />
            <source>Train is off until this is repaired.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/advice.py" />
            <source>&lt;b&gt;Nothing to repair&lt;/b&gt;&lt;br&gt;{words}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/advice.py" />
            <source>Show</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/advice.py" />
            <source>Show {node}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/advice.py" />
            <source>Shows {node} on the canvas.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/advice.py" />
            <source>Simplest model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/answer.py" />
            <source>What the network says</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/answer.py" />
            <source>output {value}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/chart.py" />
            <source>Curves over the steps of the run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/code_text.py" />
            <source>Line numbers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Train to see the loss of every step here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>The loss says how wrong the network is, step by step; when training falls and validation rises, it learns by heart instead of learning the rule.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Loss and metric curves</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>train</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>val</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Metric</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>log</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Logarithmic scale</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Equal distances are equal factors.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Not possible: some values are 0 or below.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>step {grouped}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Show the whole run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Copy picture</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Save picture…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Save numbers…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Save</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Show {title_of} over the steps.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Logarithmic scale. </source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>epoch {grouped}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>train {value}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>the picture could not be written there</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Pictures (*.png)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Tables (*.csv)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>Not saved</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/curves.py" />
            <source>{path} was not saved: {reason}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>Draw something, or drop a picture.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>Drop a picture here, or choose one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>Type a number in each box, or paste a row with commas.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>Draw the {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>as the
network
sees it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>Picture for {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>Numbers for {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>Expected {count} numbers, received {count2}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>{name}: expected a number, received {words!r}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>{name} is still empty.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/entry.py" />
            <source>{count} numbers with commas</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/glances.py" />
            <source>This run cannot be read: {reason}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>Train to see how the weights of each layer move.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>Each ridge shows how many weights have which value, the newest in front; a layer that learns changes its shape, one that stands still does not.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>mean</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>spread</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>zeros</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>gradient</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>Distribution of a weight over the run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>Weight histograms</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>Weight to show</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>View</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>Figures of the newest histogram</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>ridges</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>One curve for each moment.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/histograms.py" />
            <source>Density over time.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/history.py" />
            <source>Accuracy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/pad.py" />
            <source>Sheet to draw on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/pad.py" />
            <source>Draw with the mouse; Delete clears the sheet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/pad.py" />
            <source>What the network sees</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/pad.py" />
            <source>What the network sees: the drawing fitted and averaged to the size of the data's pictures.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/pad.py" />
            <source>Draw here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/predictions.py" />
            <source>Train to see which validation samples the network gets most wrong.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/predictions.py" />
            <source>The validation samples that the network gets most wrong come first: look at them before you trust a metric.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/predictions.py" />
            <source>Predictions on validation samples</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/predictions.py" />
            <source>accuracy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/predictions.py" />
            <source>mean error</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/predictions.py" />
            <source>Pictures, worst first</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/predictions.py" />
            <source>Rows, worst first</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/run_cards.py" />
            <source>not ended</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/run_cards.py" />
            <source>val {figure}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/run_cards.py" />
            <source>{grouped} parameters</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/run_cards.py" />
            <source>Progress of the run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/run_cards.py" />
            <source>{folder}
Click to see its curves again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/run_cards.py" />
            <source>epoch {grouped}/{grouped2}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/run_cards.py" />
            <source>mean error {figure}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/run_cards.py" />
            <source>nothing was measured</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/run_cards.py" />
            <source>{duration} left</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/runs.py" />
            <source>Every run is kept: click one to see its curves again; advice comes with its repair as a button.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/runs.py" />
            <source>Runs and advice</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/runs.py" />
            <source>EARLIER RUNS</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/runs.py" />
            <source>Show more</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/runs.py" />
            <source>Show more runs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/runs.py" />
            <source>Every run that you train is kept here, with its curves and weights.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/samples.py" />
            <source>row {row}, loss {figure}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/samples.py" />
            <source>target {numbers}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/samples.py" />
            <source>prediction {numbers}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/samples.py" />
            <source>{MARK} is {class_name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/samples.py" />
            <source>and {value} less likely ones</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_parts.py" />
            <source>Since the text before: {join}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_parts.py" />
            <source>lines removed in {count} {value}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>The Python that this drawing stands for: what is trained and what is exported; click a line to see its nodes.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>The network: a class for each block, and the model.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>The training script that goes with it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>Python source</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>File</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>Shows the whole file, one class of it, or what is on the canvas.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>What is shown of model.py</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>Copy the source</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>Whole file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>Shown of model.py: {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>Copies {shown_words}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>the class {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>all of {file}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>Copied</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source># {unused} is used nowhere: no class is written for it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>What is on the canvas ({value})</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>class {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/source_view.py" />
            <source>Copy {shown_words}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Train first: there is no trained network to ask yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>The first epoch is not over yet; the network answers as soon as it is.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>The drawing has changed since this run; train again to try the new network.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Draw, drop or type an input that the network has never seen, and watch how sure it is of each answer.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Pictures and tables (*.png *.jpg *.jpeg *.bmp *.gif *.csv *.npz)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>fit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Fit the drawing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Moves and scales the drawing to fill as much of the picture as the data's own pictures do.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>File…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Choose a picture or a table</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Ask with a picture, or with the first row of a CSV or NPZ file; you can also drop it here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Clear</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Clear the input</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Try a file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>The data of this run are not known yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>a picture, a CSV or an NPZ file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>a CSV or an NPZ file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>{name} cannot be tried: expected {kinds}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/plots/try_it.py" />
            <source>Asked with {name}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/ports_form.py" />
            <source>Names for the sizes that come in, as N, channels, height, width; expressions inside may use them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/preferences.py" />
            <source>Dark, light, or as the system has it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/preferences.py" />
            <source>How large words and controls are, from the next start on; 1 is 13 pixels.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/preferences.py" />
            <source>Whether nodes that are dragged land on the grid.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/preferences.py" />
            <source>Whether nodes glide to their new places and plots fade in, or everything is in its place at once.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/problems.py" />
            <source>Advice</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/problems.py" />
            <source>Nothing to repair.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/problems.py" />
            <source>No problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/problems.py" />
            <source>Show more problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/problems.py" />
            <source>Show more of {counted}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/question_bar.py" />
            <source>Question</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/question_bar.py" />
            <source>A question</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/question_bar.py" />
            <source>Decide later</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/question_bar.py" />
            <source>Questions</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/question_bar.py" />
            <source>Questions that wait</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/question_bar.py" />
            <source>{more} more question{value} after this.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>{counted} and {counted2}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>An untitled network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>what it began as</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>{name_of} has {drawn}, {against} {drawn2}: {value}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>Differences</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>Say how it differs from what was saved</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>added</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>deleted</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>changed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source> Done last: {join}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>{name_of} has {edits_of}, made {when}, that was not saved when Layerloom ended.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>{name_of} has {edits_of}, the last {when}, that were not saved when Layerloom ended.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>Restore</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>Open it with these edits, which can be undone and are not saved yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>Discard</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>Delete these edits for good</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>{name_of} was restored or discarded in another window.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>{name_of} is back with {edits_of}; save it to keep them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>the file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>the file as it was then</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>{file} cannot be deleted: {reason}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/recovery.py" />
            <source>nothing else in the drawing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/references.py" />
            <source>Let it follow a parameter of this block; or type = and an expression, like =channels * 4</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/references.py" />
            <source>Refer {name} to a parameter of the block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/references.py" />
            <source>	{shown} here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/references.py" />
            <source>The plain value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/references.py" />
            <source>New parameter from this value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/settings_form.py" />
            <source>Where chance begins: the same seed gives the same first weights and the same order of rows.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/settings_form.py" />
            <source>Seed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/settings_form.py" />
            <source>These hold for the next run; a run under way keeps the settings that it began with.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/settings_form.py" />
            <source>About these settings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/settings_form.py" />
            <source>Set {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/settings_form.py" />
            <source>Reset {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/settings_form.py" />
            <source>Reset the training settings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/settings_form.py" />
            <source>Set seed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/share_row.py" />
            <source>its own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/share_row.py" />
            <source>Shared weights</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/share_row.py" />
            <source>weights of</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/share_row.py" />
            <source>weights of, name</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/share_row.py" />
            <source>Use the weights of another node: both are then one module, learned once.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/share_row.py" />
            <source>Whose weights this node uses.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/share_row.py" />
            <source>Give {node_id} its own weights</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>New network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>An empty network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Drop a layer from the left, press Tab to search,
or drop a data file (.csv, .npz) here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>not there any more</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>today %H:%M</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>yesterday %H:%M</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Start</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Recent files and networks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Begin with a network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Open one of these, or begin an empty one and drop layers from the left.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Recent files</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Networks that come along</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Add a layer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Start page</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Open a file…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Take the two-minute tour</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Take {name} off this list; the file stays</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Take {name} off this list</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Examples that train</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/start_page.py" />
            <source>Architectures of the field</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>Status</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>checking…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>Open the list of problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>How many numbers the network learns.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>Work per sample</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>Multiply-accumulates for one sample, forward.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>How many nodes are drawn.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>Estimate</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>Time and peak memory of a run, as estimated; before that the memory of one training step and the time for a run as the last one was measured.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>seed 0</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>Where chance begins; click to change it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>How large the drawing is shown; click for 100 %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>seed {seed}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>nothing drawn yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>{duration} for {counted}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>MAC</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>{advice} piece{value} of advice</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/status.py" />
            <source>no problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>Forget these files</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>{count:,} bytes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>{value:,.0f} kB</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>Saved {clock}, {size}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>Show or hide {key}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>Show the window in this theme</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>Open this version of {name} as a document that is not saved yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>As the system</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>Dark</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/submenus.py" />
            <source>Light</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>GPU (CUDA)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>GPU (MPS)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>{optimizer} · lr {scientific} · batch {grouped} · {epochs}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Data: {title} — {grouped} {value}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>{word} after {duration}{score}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>{grouped} epoch</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Data: choose…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Data: {source}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Data: {title}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source> · validation loss {value:.4g}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Training progress</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Share of the run that is done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Finished</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Stopped</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Failed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Failed: {message}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Device: automatic</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>Device: {device}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>epoch 1/{grouped}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/toolbar.py" />
            <source>paused · {removeprefix}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>The pictures of digits are laid out flat, but nothing learns yet. Click the canvas, press Tab, type Linear and press Enter; or drag Linear here from the list at the left.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Connect it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Drag from the dot at the right of flatten to the dot at the left of the new layer, then from its right to the first dot of loss.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>See what flows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Each link says what flows along it: 64 numbers come out of flatten. There are ten digits to tell apart: select the layer and set out_features to 10 in its form, and see the link behind it change.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>The network fits together. Press Train, or F5.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Look inside</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>The loss falls while it learns; Predictions shows the digits that it gets wrong. Open the tab Try it beside Predictions, to draw a digit of your own.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Press Export: the network is yours as Python, as a training script or as ONNX.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Outline of the tour</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Arrow of the tour</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Guided tour</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Skip this step</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Leave the tour</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>DONE</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>That is the whole road</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Draw, see at once whether it fits, train, look inside, take it away. F1 shows every key; Ctrl+Shift+P finds everything that can be done.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Keep this network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>TOUR · {value} OF {count}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/tour.py" />
            <source>Back to {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>The engine is starting.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>A run is under way; stop it first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>There is nothing to train yet: draw a network or open an example.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>The network is being checked.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>A run is under way</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>Stop the run and close?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>The run stops after its current step; what it has trained so far is kept.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>Stop and close</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>Keep training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>Training cannot start: {obstacle}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/training.py" />
            <source>The run in {shown} cannot be read: {error}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Lets this code run on this computer, now and whenever the same text comes again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>{listed} {value} Python code that is not run until you trust it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Trust</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Warning</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Show the code</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Selects the node; its code stands in the form. Again for the next one</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Trust this code</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Leave it untrusted (Escape)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Leave it untrusted</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>{more} more</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>It holds characters that cannot be seen and can change the order in which a line reads.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Some of its lines are longer than {LONGEST_LINE} characters: open it in a window.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>That this code is trusted cannot be kept in {trusted_file} ({value}): it runs until the window is closed, and is asked about again then.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/trust.py" />
            <source>Read it below.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/use_card.py" />
            <source>Rename the block {old} to {new}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/use_card.py" />
            <source>The name of the block, everywhere it is used; it is the name of its class in the source.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/use_card.py" />
            <source>Enter the block</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/use_card.py" />
            <source>Show what is inside (Ctrl+Return, or a double click on the node)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/use_card.py" />
            <source>Own copy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/use_card.py" />
            <source>Give this node a copy of the block, so that edits no longer change the other uses</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/use_card.py" />
            <source>used {count} times</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/values.py" />
            <source>none yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/values.py" />
            <source>{name} has no value, because this block has no parameter {name2} (it has: {listed}).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/values.py" />
            <source>{name} must be {expected}, but is “{value}”.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/values.py" />
            <source>{name} has no value, because {fault}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/weights_form.py" />
            <source>Weights</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/weights_form.py" />
            <source>WEIGHTS</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/weights_form.py" />
            <source>{what} {name} of {whose}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/weights_form.py" />
            <source>Set</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>Menus</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>Menus and toolbar</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>Replace it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>{name}[*] — Layerloom</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>The engine is starting; choose the data set in a moment.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>Train is off: {obstacle}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>Not saved yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>The engine is starting; drop the picture again in a moment.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>{name} is a picture, but this network has no input that takes one: choose a data set of pictures for an Input node, train, and drop it again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/window.py" />
            <source>{name} waits in Try it: train the network, and it answers.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/work_dialog.py" />
            <source>What is being done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/work_dialog.py" />
            <source>How far it is</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;File</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>New from example</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>New from architecture</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Open recent</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Backups</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Edit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;View</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Theme</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Layout</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Insert</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Data</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Linear</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Convolution</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Pooling</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Normalisation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Activation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Recurrent</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Attention, embedding</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Shape</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Merge and arithmetic</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Regularisation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Output</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Your own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Network</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>Size of notes and frames</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Select along links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>A&amp;rrange</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/actions.py" />
            <source>&amp;Help</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>no nodes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} node</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>no links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} link</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} links</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>no edits</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} edit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} edits</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>no epochs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} epoch</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} epochs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} parameter</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} parameters</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} problem</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>no more problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} more problem</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} more problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>no further problems</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} further problem</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="../../designer/numbers.py" />
            <source>{count} further problems</source>
            <translation type="unfinished" />
        </message>
    </context>
</TS>
