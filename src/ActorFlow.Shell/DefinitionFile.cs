using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell;

/// <summary>Reads workflow files.</summary>
internal static class DefinitionFile
{
    /// <summary>Reads a file, whatever is wrong in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="runLine">The command line for a run of that id, which may have been meant; none: the one that shows it.</param>
    /// <exception cref="CommandFailure">There is nothing to read.</exception>
    public static async Task<DefinitionDocuments> ReadAsync(string path, CancellationToken cancellationToken, Func<string, string>? runLine = null)
    {
        var bytes = await InputFile.ReadAsync(path, DefinitionLimits.FileBytes, cancellationToken, HintAt(path, runLine)).ConfigureAwait(false);
        return DefinitionReader.Read(bytes.Span, path);
    }

    /// <summary>Reads a file that a command cannot do without; its errors are written to standard error, a line each.</summary>
    /// <param name="path">The file.</param>
    /// <param name="console">Where its errors are written.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="runLine">The command line for a run of that id, which may have been meant; none: the one that shows it.</param>
    /// <exception cref="CommandFailure">There is nothing to read, or it has errors.</exception>
    public static async Task<DefinitionDocuments> ReadValidAsync(string path, ShellConsole console, CancellationToken cancellationToken, Func<string, string>? runLine = null)
    {
        var documents = await ReadAsync(path, cancellationToken, runLine).ConfigureAwait(false);
        if (documents.IsValid)
        {
            return documents;
        }

        foreach (var error in documents.Errors)
        {
            await console.Error.WriteLineAsync(error.ToString()).ConfigureAwait(false);
        }

        var count = documents.Errors.Length == 1 ? "1 error" : $"{documents.Errors.Length} errors";
        throw new CommandFailure($"{path} has {count}, listed above; correct the file and try again");
    }

    /// <summary>What was meant for a file may be the id of a run.</summary>
    private static string? HintAt(string path, Func<string, string>? runLine) =>
        Identifiers.IsRunId(path) && Path.GetExtension(path).ToLowerInvariant() is not (".yaml" or ".yml" or ".json")
            ? $"if {path} is the id of a run: {runLine?.Invoke(path) ?? $"actorflow show {path}"}"
            : null;
}
