using System.Diagnostics;
using System.Runtime;
using ActorFlow.Perf.Measurements;
using NBench;

namespace ActorFlow.Perf.Running;

/// <summary>
/// What every spec derives from. Its body calls <see cref="Measure"/>, sets its figures and checks its results: a fast wrong answer
/// fails. Before the first measured run the body is repeated until it is warm.
/// </summary>
public abstract class PerfSpec
{
    /// <summary>How many measured runs a spec has where nothing else is said.</summary>
    public const int Rounds = 5;

    /// <summary>The figures of this execution; each is declared by a <see cref="FigureAttribute"/>.</summary>
    protected static Figures Figures => SpecRun.Current.Figures;

    /// <summary>What NBench gave this execution: its counters.</summary>
    protected BenchmarkContext? Context { get; private set; }

    /// <summary>Prepares, and warms up before the first run.</summary>
    /// <param name="context">What NBench gives an execution.</param>
    [PerfSetup]
    public void SetUp(BenchmarkContext context)
    {
        var run = SpecRun.Current;
        Context = context;
        run.Executions++;
        PrepareAsync().GetAwaiter().GetResult();
        if (run.Executions == 1 && run.Spec.Attribute.WarmUp)
        {
            WarmUpBy(run.Spec.Method.GetParameters().Length == 0
                ? run.Spec.Method.CreateDelegate<Action>(this)
                : throw new InvalidOperationException($"{run.Spec.Id} must take no argument."));
        }
    }

    /// <summary>Gives back what was prepared; also after a preparation that failed.</summary>
    [PerfCleanup]
    public void CleanUp() => ReleaseAsync().GetAwaiter().GetResult();

    /// <summary>Prepares an execution; it is not measured.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Gives back what was prepared.</summary>
    protected virtual Task ReleaseAsync() => Task.CompletedTask;

    /// <summary>Runs the body to its end, or again and again while the round lasts (<see cref="RoundLength"/>). NBench knows no asynchronous specs, so it blocks.</summary>
    /// <param name="body">The body.</param>
    /// <exception cref="TimeoutException">It took longer than the spec allows.</exception>
    protected virtual void Measure(Func<Task> body)
    {
        var run = SpecRun.Current;
        if (run.IsRehearsal && !run.Spec.Attribute.WarmUp)
        {
            return;
        }

        var limit = TimeSpan.FromSeconds(run.Spec.Attribute.TimeoutSeconds);
        var work = Task.Run(() => RoundLength.RepeatAsync(RoundLength.Of(run), body));
        try
        {
            work.WaitAsync(limit).GetAwaiter().GetResult();
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            throw new TimeoutException($"{run.Spec.Id} did not end within {limit.TotalSeconds:n0} s.");
        }
    }

    /// <summary>Checks a result.</summary>
    /// <param name="holds">What must hold.</param>
    /// <param name="otherwise">What is wrong if it does not.</param>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    protected static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    /// <summary>How long something takes, in milliseconds.</summary>
    /// <param name="what">What to time.</param>
    protected static async Task<double> TimeAsync(Func<Task> what)
    {
        var begun = Stopwatch.GetTimestamp();
        await what().ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static void WarmUpBy(Action body)
    {
        var run = SpecRun.Current;
        (run.WarmUpRounds, run.IsWarm) = (run.Session.Quick ? WarmUp.Quick : run.Spec.CountsThroughput ? WarmUp.Throughput : WarmUp.Full).Repeat(() =>
        {
            var (begun, compiled) = (Stopwatch.GetTimestamp(), JitInfo.GetCompilationTime());
            body();
            run.Progress.WarmUpRound();
            return new(Stopwatch.GetElapsedTime(begun), JitInfo.GetCompilationTime() - compiled);
        });
    }
}
