using System.CommandLine;
using ActorFlow.Core.Definitions;
using ActorFlow.Graphs;

namespace ActorFlow.Shell.Graphs;

/// <summary><c>actorflow graph FILE</c></summary>
internal static class GraphCommand
{
    public static Command Create(ShellConsole console)
    {
        var file = new Argument<string>("FILE") { Description = "A workflow file; its first document is drawn." };
        var format = new Option<string>("--format") { Description = "What to draw it as.", DefaultValueFactory = _ => "mermaid" };
        OutputFormat.TakeOnly(format, "mermaid", "dot", "svg");
        var output = OutputFormat.Option();
        output.Description = "The picture itself (table), or one object with name, version, format and picture (json).";
        var command = new Command("graph", "Draw a workflow.") { file, format, output };
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
            if (OutputFormat.IsJson(parsed, output))
            {
                await console.Out.WriteLineAsync(Json(documents.Main, parsed.GetValue(format)!, text)).ConfigureAwait(false);
            }
            else
            {
                await console.Out.WriteAsync(text).ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        Examples.AddTo(command, "actorflow graph order.yaml", "actorflow graph order.yaml --format svg > order.svg");
        return command;
    }

    private static string Json(WorkflowDefinition definition, string format, string picture) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("definition", definition.Name);
        writer.WriteNumber("version", definition.Version);
        writer.WriteString("format", format);
        writer.WriteString("picture", picture);
        writer.WriteEndObject();
    }).ToString();
}
