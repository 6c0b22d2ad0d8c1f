using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell;

/// <summary>Reads workflow files.</summary>
internal static class DefinitionFile
{
    /// <summary>Reads a file, whether or not it has errors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="runLine">The command line for a run of that id, in case the user meant one; null means the one that shows it.</param>
    /// <exception cref="CommandFailure">The file cannot be read.</exception>
    public static async Task<DefinitionDocuments> ReadAsync(string path, CancellationToken cancellationToken, Func<string, string>? runLine = null)
    {
        var bytes = await InputFile.ReadAsync(path, DefinitionLimits.FileBytes, cancellationToken, HintAt(path, runLine)).ConfigureAwait(false);
        return DefinitionReader.Read(bytes.Span, path);
    }

    /// <summary>Reads a file that must be valid; its errors are written to standard error, a line each.</summary>
    /// <param name="path">The file.</param>
    /// <param name="console">The console that its errors are written to.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="runLine">The command line for a run of that id, in case the user meant one; null means the one that shows it.</param>
    /// <exception cref="CommandFailure">The file cannot be read, or it has errors.</exception>
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

        throw Invalid(path, documents.Errors.Length);
    }

    /// <summary>The failure of a file whose errors are written already.</summary>
    public static CommandFailure Invalid(string path, int errors, Exception? cause = null) =>
        new($"{path} has {(errors == 1 ? "1 error" : $"{errors} errors")}, listed above; correct the file and try again", cause: cause);

    /// <summary>A hint where the text may be the id of a run and not a file.</summary>
    private static string? HintAt(string path, Func<string, string>? runLine) =>
        Identifiers.IsRunId(path) && Path.GetExtension(path).ToLowerInvariant() is not (".yaml" or ".yml" or ".json")
            ? $"if {path} is the id of a run: {runLine?.Invoke(path) ?? $"actorflow show {path}"}"
            : null;
}
