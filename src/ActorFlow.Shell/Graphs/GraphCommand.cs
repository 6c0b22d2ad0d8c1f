using System.CommandLine;

namespace ActorFlow.Shell.Graphs;

/// <summary><c>actorflow graph FILE</c></summary>
internal static class GraphCommand
{
    public static Command Create(ShellConsole console)
    {
        var file = new Argument<string>("FILE") { Description = "A workflow file; its first document is drawn." };
        var format = new Option<string>("--format") { Description = "What to draw it as.", DefaultValueFactory = _ => "mermaid" };
        format.AcceptOnlyFromAmong("mermaid", "dot", "svg");
        var command = new Command("graph", "Draw a workflow.") { file, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var documents = await DefinitionFile.ReadValidAsync(parsed.GetValue(file)!, console, cancellationToken).ConfigureAwait(false);
            var graph = WorkflowGraph.Of(documents.Main);
            var text = parsed.GetValue(format) switch
            {
                "svg" => SvgGraph.Write(graph),
                "dot" => DotGraph.Write(graph),
                _ => MermaidGraph.Write(graph),
            };
            await console.Out.WriteAsync(text).ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(command, "actorflow graph order.yaml", "actorflow graph order.yaml --format svg > order.svg");
        return command;
    }
}
