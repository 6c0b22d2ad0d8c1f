using System.CommandLine;
using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell.Validation;

/// <summary><c>actorflow validate FILE...</c></summary>
internal static class ValidateCommand
{
    public static Command Create(ShellConsole console)
    {
        var files = new Argument<string[]>("FILE") { Description = "Workflow files, YAML or JSON.", Arity = ArgumentArity.OneOrMore };
        var output = OutputFormat.Option();
        var command = new Command("validate", "Check workflow files: all errors at once, each with file:line:column and a code.") { files, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var valid = true;
            foreach (var file in parsed.GetValue(files)!)
            {
                valid &= await ValidateAsync(console, file, OutputFormat.IsJson(parsed, output), cancellationToken).ConfigureAwait(false);
            }

            return valid ? ExitCode.Done : ExitCode.Invalid;
        });
        Examples.AddTo(command, "actorflow validate order.yaml", "actorflow validate workflows/*.yaml -o json");
        return command;
    }

    private static async Task<bool> ValidateAsync(ShellConsole console, string file, bool asJson, CancellationToken cancellationToken)
    {
        DefinitionDocuments documents;
        try
        {
            documents = await DefinitionFile.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFailure failure)
        {
            // The other files are still checked.
            var problem = new DefinitionProblem("unreadable", failure.Message) { File = file.Length == 0 ? "''" : file, Position = SourcePosition.Start };
            documents = new([], [problem], []);
        }

        foreach (var problem in documents.Errors.Concat(documents.Warnings))
        {
            await WriteAsync(console, problem, asJson).ConfigureAwait(false);
        }

        if (documents.IsValid && !asJson)
        {
            var names = string.Join(", ", documents.Definitions.Select(definition => $"{definition.Name} v{definition.Version}"));
            await console.Out.WriteLineAsync($"{file}: valid ({names})").ConfigureAwait(false);
        }

        return documents.IsValid;
    }

    /// <summary>Writes a problem: errors are the result, warnings go beside it.</summary>
    public static Task WriteAsync(ShellConsole console, DefinitionProblem problem, bool asJson) =>
        asJson ? console.Out.WriteLineAsync(Json(problem))
        : problem.IsWarning ? console.Error.WriteLineAsync($"{problem.Location} warning {problem.Code} {problem.Message}")
        : console.Out.WriteLineAsync(problem.ToString());

    private static string Json(DefinitionProblem problem) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", problem.File);
        writer.WriteNumber("line", problem.Position?.Line ?? 1);
        writer.WriteNumber("column", problem.Position?.Column ?? 1);
        writer.WriteString("severity", problem.IsWarning ? "warning" : "error");
        writer.WriteString("code", problem.Code);
        writer.WriteString("message", problem.Message);
        writer.WriteEndObject();
    }).ToString();
}
