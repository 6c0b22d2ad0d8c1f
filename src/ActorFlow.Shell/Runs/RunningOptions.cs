using System.CommandLine;

namespace ActorFlow.Shell.Runs;

/// <summary>The options of every verb that runs something.</summary>
internal sealed class RunningOptions
{
    private readonly Option<string?> _data = RunWords.Data();
    private readonly Option<int?> _parallel = RunWords.Parallel();
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Show no progress." };

    /// <summary>The option <c>-o</c>.</summary>
    public Option<string> Output { get; } = OutputFormat.Option();

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_parallel);
        command.Options.Add(_quiet);
        command.Options.Add(Output);
    }

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">The workflow file; null means that the run has its definition already.</param>
    public RunOptions Of(ParseResult parsed, string? file) => new(
        file, parsed.GetValue(_data), parsed.GetValue(_quiet), OutputFormat.IsJson(parsed, Output));

    /// <summary>How many tasks may run at once; null means the runtime's default.</summary>
    public int? ParallelOf(ParseResult parsed) => parsed.GetValue(_parallel);
}
