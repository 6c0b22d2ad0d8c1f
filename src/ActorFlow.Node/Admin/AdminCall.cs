using System.Globalization;

namespace ActorFlow.Node.Admin;

/// <summary>Where commands are typed: a shell, or the prompt of a node.</summary>
internal interface IAdminHost
{
    /// <summary>Does what commands ask for.</summary>
    IWorkflowClient Client { get; }

    /// <summary>Keeps keys and reads the audit.</summary>
    IAccessAdministration Access { get; }

    /// <summary>The time.</summary>
    TimeProvider Time { get; }

    /// <summary>Who types.</summary>
    string User { get; }

    /// <summary>The line that gives a command here, to be copied.</summary>
    /// <param name="words">Noun, verb and arguments.</param>
    string Line(params IEnumerable<string> words);

    /// <summary>Reads a file that an argument names.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<string> ReadFileAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads a JSON value.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="word">JSON, <c>@file</c>, or <c>-</c>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<Payload> ReadJsonAsync(AdminArgument argument, string word, CancellationToken cancellationToken);
}

/// <summary>A command as it was typed.</summary>
/// <param name="host">Where.</param>
/// <param name="words">The words by the name of their argument; an argument that was left out has none. They fit their kinds.</param>
internal sealed class AdminCall(IAdminHost host, IReadOnlyDictionary<string, IReadOnlyList<string>> words)
{
    /// <summary>Where it was typed.</summary>
    public IAdminHost Host => host;

    /// <summary>Does what the command asks for.</summary>
    public IWorkflowClient Client => host.Client;

    /// <summary>Whether an argument is there.</summary>
    public bool Has(AdminArgument argument) => words.ContainsKey(argument.Name);

    /// <summary>The words of an argument; empty means that it was left out.</summary>
    public IReadOnlyList<string> All(AdminArgument argument) => words.GetValueOrDefault(argument.Name) ?? [];

    /// <summary>The word of an argument; null means that it was left out.</summary>
    public string? Text(AdminArgument argument) => All(argument) is [var word, ..] ? word : null;

    /// <summary>The word of an argument that has to be there.</summary>
    public string Required(AdminArgument argument) => Text(argument) ?? throw new InvalidOperationException($"{argument.Name} is not there.");

    /// <summary>The number; null means that it was left out.</summary>
    public int? Number(AdminArgument argument) => Text(argument) is { } word ? int.Parse(word, CultureInfo.InvariantCulture) : null;

    /// <summary>The time; null means that it was left out.</summary>
    public DateTimeOffset? Time(AdminArgument argument) => Text(argument) is { } word ? AdminArgument.TimeOf(word, host.Time.GetUtcNow()) : null;

    /// <summary>The duration; null means that it was left out.</summary>
    public TimeSpan? Duration(AdminArgument argument) =>
        Text(argument) is { } word && Core.Definitions.Duration.TryParse(word, out var duration) ? duration : null;

    /// <summary>The tags.</summary>
    public SortedDictionary<string, string> Tags(AdminArgument argument) =>
        new(All(argument).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]), StringComparer.Ordinal);

    /// <summary>The JSON value; null means that it was left out.</summary>
    public async Task<Payload?> JsonAsync(AdminArgument argument, CancellationToken cancellationToken) =>
        Text(argument) is { } word ? await host.ReadJsonAsync(argument, word, cancellationToken).ConfigureAwait(false) : null;
}
