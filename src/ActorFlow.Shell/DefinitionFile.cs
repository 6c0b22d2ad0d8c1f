using ActorFlow.Core.Definitions;

namespace ActorFlow.Shell;

/// <summary>Reads workflow files.</summary>
internal static class DefinitionFile
{
    /// <summary>Reads a file, whatever is wrong in it.</summary>
    /// <exception cref="CommandFailure">There is nothing to read.</exception>
    public static async Task<DefinitionDocuments> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await InputFile.ReadAsync(path, DefinitionLimits.FileBytes, cancellationToken).ConfigureAwait(false);
        return DefinitionReader.Read(bytes.Span, path);
    }

    /// <summary>Reads a file that a command cannot do without; its errors are written to standard error, a line each.</summary>
    /// <exception cref="CommandFailure">There is nothing to read, or it has errors.</exception>
    public static async Task<DefinitionDocuments> ReadValidAsync(string path, ShellConsole console, CancellationToken cancellationToken)
    {
        var documents = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
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
}
