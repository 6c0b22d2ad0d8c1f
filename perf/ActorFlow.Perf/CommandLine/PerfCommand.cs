using System.CommandLine;
using ActorFlow.Perf.Baselines;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.CommandLine;

/// <summary>The command line.</summary>
internal static class PerfCommand
{
    private const int Invalid = 2;

    /// <summary>Runs what the arguments ask for.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where complaints go.</param>
    /// <param name="run">Runs options that are sound.</param>
    /// <returns>0, or 1: something failed, or 2: the arguments make no sense.</returns>
    public static async Task<int> InvokeAsync(string[] args, TextWriter output, TextWriter error, Func<PerfOptions, Task<int>> run)
    {
        var (root, read) = Build();
        root.SetAction((parsed, _) => run(read(parsed)));
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            await error.WriteLineAsync($"{result.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd()} (--help shows the options)").ConfigureAwait(false);
            return Invalid;
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null })
                .ConfigureAwait(false);
        }
        catch (UsageException wrong)
        {
            await error.WriteLineAsync(wrong.Message).ConfigureAwait(false);
            return Invalid;
        }
    }

    private static (RootCommand Root, Func<ParseResult, PerfOptions> Read) Build()
    {
        var filter = new Option<string?>("--filter") { HelpName = "GLOB", Description = "Only specs whose id or group matches: P1, cold, 'W*', S1,S2." };
        var store = new Option<string>("--store") { DefaultValueFactory = _ => "sqlite", Description = "Where runs are kept." };
        store.AcceptOnlyFromAmong([.. Databases.Stores]);
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write the results." };
        var save = Named("--save", "Keep the results as a baseline.");
        var compare = Named("--compare", "Hold the results against a baseline.");
        var reports = new Option<string[]>("--report") { HelpName = "FILE.html|.md", Description = "Write a report; may be repeated.", Arity = ArgumentArity.OneOrMore };
        reports.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => Path.GetExtension(token.Value) is not (".html" or ".md")) is { } wrong)
            {
                result.AddError($"--report {wrong.Value}: the file must end in .html or .md.");
            }
        });
        var quick = new Option<bool>("--quick") { Description = "Short warm-ups, no slow specs; only result checks, allocations and counts decide." };
        var list = new Option<bool>("--list") { Description = "Only name the specs." };
        var readme = new Option<bool>("--readme") { Description = "Only write README's table and its part of the performance log, from perf/results." };
        var only = new Option<string?>(OwnProcess.Option) { Hidden = true };
        return (new RootCommand("Measures ActorFlow.") { filter, store, json, save, compare, reports, quick, list, readme, only }, parsed => new()
        {
            Filter = parsed.GetValue(filter),
            Store = parsed.GetValue(store)!,
            Json = parsed.GetValue(json),
            Save = parsed.GetValue(save),
            Compare = parsed.GetValue(compare),
            Reports = parsed.GetValue(reports) ?? [],
            Quick = parsed.GetValue(quick),
            List = parsed.GetValue(list),
            Readme = parsed.GetValue(readme),
            Only = parsed.GetValue(only),
        });
    }

    private static Option<string?> Named(string name, string description)
    {
        var option = new Option<string?>(name) { HelpName = "NAME", Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && !BaselineFolder.IsName(value))
            {
                result.AddError($"{name} {value}: a name has letters, digits, '.', '_' and '-', and begins with a letter or digit.");
            }
        });
        return option;
    }
}

/// <summary>What is asked for makes no sense; the message is one line and says why.</summary>
internal sealed class UsageException(string message) : Exception(message);
