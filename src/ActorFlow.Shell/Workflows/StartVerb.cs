using System.CommandLine;
using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Shell.Nodes;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Workflows;

/// <summary><c>actorflow workflow start NAME[@V]</c></summary>
internal static class StartVerb
{
    public static Command Create(NodeTalk talk)
    {
        var definition = Definition();
        var input = new Option<string?>("--input") { Description = "The input: JSON, @file, or - for standard input." };
        var id = RunWords.Id("The id of the run (one is made up).");
        var tags = RunFilter.Tags("A tag of the run; it may be given several times.");
        var wait = new Option<bool>("--wait") { Description = "Wait for its end, and print its output." };
        return talk.Verb(
            "start",
            "Start a run of a registered definition; an id that is in use by the same run starts none.",
            [definition, input, id, tags, wait],
            async (call, cancellationToken) =>
            {
                var parsed = call.Parsed;
                var payload = parsed.GetValue(input) is { } text ? await RunInput.ReadAsync(text, call.Console.In, cancellationToken).ConfigureAwait(false) : null;
                var run = await call.Client.StartAsync(
                    parsed.GetRequiredValue(definition), payload, new() { Id = parsed.GetValue(id), Tags = RunFilter.TagsOf(parsed, tags) }, cancellationToken)
                    .ConfigureAwait(false);
                if (parsed.GetValue(wait))
                {
                    await call.Console.Error.WriteLineAsync(TextOf(run)).ConfigureAwait(false);
                    return await RunResults.WaitAsync(call, run.Id, cancellationToken).ConfigureAwait(false);
                }

                await TellAsync(call, run).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow start order --input '{\"orderId\": 7}'",
            "actorflow workflow start order@2 --id order-7 --tag customer=ada --wait");
    }

    /// <summary>Tells which run began.</summary>
    public static Task TellAsync(NodeCall call, WorkflowHandle run) => call.Console.Out.WriteLineAsync(call.AsJson ? JsonOf(run).ToString() : TextOf(run));

    /// <summary>A definition by name, or by name and version.</summary>
    public static Argument<string> Definition()
    {
        var definition = new Argument<string>("NAME[@V]") { Description = "The name of the definition; without a version, the newest." };
        definition.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Identifiers.TryReadDefinition(token.Value, out _, out _))
            {
                result.AddError($"NAME[@V] is the name of a definition, with or without @ and a version, not '{TerminalText.Fit(token.Value, 60)}'.");
            }
        });
        return definition;
    }

    private static string TextOf(WorkflowHandle run) => run.Started is { } started
        ? string.Create(CultureInfo.InvariantCulture, $"{run.Id}  {started.Definition}@{started.Version}  {(started.Created ? "started" : "was started before")}")
        : run.Id;

    private static Payload JsonOf(WorkflowHandle run) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", run.Id);
        if (run.Started is { } started)
        {
            writer.WriteString("runId", started.RunId.ToString("n"));
            writer.WriteString("definition", started.Definition);
            writer.WriteNumber("version", started.Version);
            writer.WriteBoolean("created", started.Created);
        }

        writer.WriteEndObject();
    });
}
