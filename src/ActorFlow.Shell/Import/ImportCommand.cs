using System.CommandLine;
using System.Globalization;
using System.Text;

namespace ActorFlow.Shell.Import;

/// <summary><c>actorflow import wfformat FILE</c></summary>
internal static class ImportCommand
{
    private const int LargestFile = 256 << 20;

    public static Command Create(ShellConsole console) => new("import", "Make a workflow file of another format.") { FromWfFormat(console) };

    private static Command FromWfFormat(ShellConsole console)
    {
        var file = new Argument<string>("FILE") { Description = "A recorded execution in WfFormat 1.5 (wfcommons.org)." };
        var scale = new Option<double>("--time-scale")
        {
            Description = "What the recorded run times are multiplied by; 0: every task sleeps 0s.",
            DefaultValueFactory = _ => 1,
        };
        var output = new Option<string?>("-o", "--output") { Description = "The file to write; none: standard output." };
        scale.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && !(double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1e9))
            {
                result.AddError($"--time-scale takes a number from 0 to 1e9, not '{OneLine.Of(token.Value, 60)}'.");
            }
        });

        var command = new Command("wfformat", "A recorded execution in WfFormat 1.5, each task a sleep as long as it ran.") { file, scale, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await ImportAsync(
                console, parsed.GetValue(file)!, parsed.GetValue(scale), parsed.GetValue(output), cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(
            command,
            "actorflow import wfformat montage.json -o montage.yaml",
            "actorflow import wfformat montage.json --time-scale 0.001 > fast.yaml");
        return command;
    }

    private static async Task ImportAsync(
        ShellConsole console, string file, double timeScale, string? output, CancellationToken cancellationToken)
    {
        var bytes = await InputFile.ReadAsync(file, LargestFile, cancellationToken).ConfigureAwait(false);
        var yaml = WfFormatImport.ToYaml(WfFormat.Parse(bytes, file), timeScale);
        if (output is null)
        {
            await console.Out.WriteAsync(yaml).ConfigureAwait(false);
            return;
        }

        try
        {
            await File.WriteAllTextAsync(output, yaml, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"cannot write {output}: {OneLine.Of(error.Message)}", cause: error);
        }
    }
}
