using System.CommandLine;
using System.Globalization;
using System.Text;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell.Import;

/// <summary><c>actorflow import wfformat FILE</c></summary>
internal static class ImportCommand
{
    private const int LargestFile = 256 << 20;

    private static readonly string[] FromWfFormatExamples =
    [
        "actorflow import wfformat montage.json --out montage.yaml",
        "actorflow import wfformat montage.json --time-scale 0.001 > fast.yaml",
    ];

    public static Command Create(ShellConsole console)
    {
        var command = new Command("import", "Make a workflow file of another format.") { FromWfFormat(console) };
        Examples.AddTo(command, FromWfFormatExamples);
        return command;
    }

    private static Command FromWfFormat(ShellConsole console)
    {
        var file = new Argument<string>("FILE") { Description = "A recorded execution in WfFormat 1.5 (wfcommons.org)." };
        var scale = new Option<double>("--time-scale")
        {
            Description = "What the recorded run times are multiplied by; 0: every task sleeps 0s.",
            DefaultValueFactory = _ => 1,
        };
        var to = new Option<string?>("--out") { Description = "The file to write; none: standard output.", HelpName = "FILE" };
        var output = OutputFormat.Option();
        output.Description = "The workflow file itself (table), or one object with its name, its text and where it was written (json).";
        scale.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && !(double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1e9))
            {
                result.AddError($"--time-scale takes a number from 0 to 1e9, not '{TerminalText.Fit(token.Value, 60)}'.");
            }
        });

        var command = new Command("wfformat", "A recorded execution in WfFormat 1.5, each task a sleep as long as it ran.") { file, scale, to, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var imported = await ReadAsync(parsed.GetValue(file)!, parsed.GetValue(scale), cancellationToken).ConfigureAwait(false);
            var written = parsed.GetValue(to);
            if (written is not null)
            {
                await WriteAsync(written, imported.Yaml, cancellationToken).ConfigureAwait(false);
            }

            if (OutputFormat.IsJson(parsed, output))
            {
                await console.Out.WriteLineAsync(Json(imported, written)).ConfigureAwait(false);
            }
            else if (written is null)
            {
                await console.Out.WriteAsync(imported.Yaml).ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        Examples.AddTo(command, FromWfFormatExamples);
        return command;
    }

    private static async Task<(WfFormat Recording, string Yaml)> ReadAsync(string file, double timeScale, CancellationToken cancellationToken)
    {
        var bytes = await InputFile.ReadAsync(file, LargestFile, cancellationToken).ConfigureAwait(false);
        var recording = WfFormat.Parse(bytes, file);
        return (recording, WfFormatImport.ToYaml(recording, timeScale));
    }

    private static async Task WriteAsync(string file, string yaml, CancellationToken cancellationToken)
    {
        if (file.Length == 0 || Directory.Exists(file))
        {
            throw new CommandFailure($"--out takes the name of a file to write, not {(file.Length == 0 ? "''" : $"the directory {file}")}");
        }

        try
        {
            await File.WriteAllTextAsync(file, yaml, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"cannot write {file}: {OneLine.Of(error.Message)}", cause: error);
        }
    }

    private static string Json((WfFormat Recording, string Yaml) imported, string? file) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("definition", WorkflowNames.Workflow(imported.Recording.Name));
        writer.WriteNumber("tasks", imported.Recording.Tasks.Count);
        writer.WriteString("file", file);
        writer.WriteString("text", imported.Yaml);
        writer.WriteEndObject();
    }).ToString();
}
