// Orleans: a silo in this process, and a grain per run, which keeps what its steps gave in PostgreSQL. Orleans has no workflows of its own.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ActorFlow.Peers.Orleans;
using ActorFlow.TestSupport.Databases;
using ActorFlow.TestSupport.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

const int Rounds = 5;
var warmUp = TimeSpan.FromSeconds(10);
var patience = TimeSpan.FromSeconds(60);
var time = TimeSpan.FromSeconds(args switch
{
    [] => 10,
    ["--seconds", var word] when double.TryParse(word, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
    _ => throw new ArgumentException("--seconds with a number above 0 is all that can be said."),
});

await using var database = await PrivatePostgres.StartAsync();
await database.QueryAsync(Storage.Schema);
var builder = Host.CreateApplicationBuilder();
// Figures have the standard output to themselves.
builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.UseOrleans(silo => silo
    .UseLocalhostClustering(LoopbackPort.Free(), LoopbackPort.Free())
    .AddAdoNetGrainStorageAsDefault(options =>
    {
        options.Invariant = "Npgsql";
        // As many connections as DBOS gets.
        options.ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 20 }.ToString();
    }));
using var host = builder.Build();
await host.StartAsync();
var grains = host.Services.GetRequiredService<IGrainFactory>();

(string Workload, int InFlight)[] plan = [("linear10", 1), ("linear10", 100), ("linear10", 500), ("fan10", 100), ("layers10x10", 1), ("layers10x10", 16), ("single", 100)];
// The host takes signals for requests to stop, which nothing here would heed.
using (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => Environment.Exit(1)))
{
    foreach (var (name, inFlight) in plan)
    {
        await LoadAsync(Workload.All[name], inFlight);
    }
}

await host.StopAsync();

async Task LoadAsync(Workload workload, int inFlight)
{
    var (number, ended, times) = (0, false, new List<double>());
    async Task RunAsync()
    {
        while (!Volatile.Read(ref ended))
        {
            var (n, begun) = (Interlocked.Increment(ref number), Stopwatch.GetTimestamp());
            var output = await grains.GetGrain<IRunGrain>(Guid.NewGuid()).RunAsync(workload.Name, n);
            lock (times)
            {
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            if (!output.SequenceEqual(workload.Expected(n)))
            {
                throw new InvalidOperationException($"{workload.Name} of {n} gave {string.Join(' ', output)} instead of {string.Join(' ', workload.Expected(n))}.");
            }
        }
    }

    var clients = Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(RunAsync)));
    async Task PassAsync(TimeSpan span)
    {
        if (await Task.WhenAny(Task.Delay(span), clients) == clients)
        {
            await clients;
        }
    }

    await PassAsync(warmUp);
    var (rates, cpu, all) = (new List<double>(), new List<double>(), new List<double>());
    for (var round = 0; round < Rounds; round++)
    {
        lock (times)
        {
            times.Clear();
        }

        var (begun, used) = (Stopwatch.GetTimestamp(), ProcessorTime());
        // As long as it takes for its figures to mean something.
        do
        {
            await PassAsync(time / Rounds);
        }
        while (CountOf(times) < inFlight && Stopwatch.GetElapsedTime(begun) < patience);
        lock (times)
        {
            if (times.Count == 0)
            {
                throw new TimeoutException($"{workload.Name}, {inFlight} in flight: nothing came out within {patience.TotalSeconds} s.");
            }

            rates.Add(times.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds);
            cpu.Add((ProcessorTime() - used).TotalSeconds / (times.Count * workload.Steps) * 1_000);
            all.AddRange(times);
        }
    }

    Volatile.Write(ref ended, true);
    await clients;

    Console.WriteLine(JsonSerializer.Serialize(new { peer = "orleans", workload = workload.Name, inFlight, runsPerSecond = Median(rates), p50Ms = Median(all), cpuPer1000Steps = Median(cpu) }));
}

static int CountOf(List<double> times)
{
    lock (times)
    {
        return times.Count;
    }
}

TimeSpan ProcessorTime() => Environment.CpuUsage.TotalTime + database.ServerProcessorTime;

static double Median(List<double> values) => double.Parse(values.Order().ElementAt(values.Count / 2).ToString("g4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

namespace ActorFlow.Peers.Orleans
{
    /// <summary>A workload: what it does with a number, by steps that each add 1 to what they get, and what must come out.</summary>
    internal sealed record Workload(string Name, int Steps, Func<int, Func<string, int, Task<int>>, Task<int[]>> RunAsync, Func<int, IEnumerable<int>> Expected)
    {
        private const int Width = 10;

        public static IReadOnlyDictionary<string, Workload> All { get; } = new[]
        {
            new Workload("linear10", Width, async (n, step) => [await ChainAsync(n, step, Width)], n => [n + Width]),
            new Workload("fan10", Width, (n, step) => Task.WhenAll(Places.Select(i => step($"t{i}", n + i))), n => Places.Select(i => n + i + 1)),
            new Workload("layers10x10", Width * Width, LayersAsync, n => Places.Select(place => n + place + Width)),
            new Workload("single", 1, async (n, step) => [await ChainAsync(n, step, 1)], n => [n + 1]),
        }.ToDictionary(workload => workload.Name);

        private static IEnumerable<int> Places => Enumerable.Range(0, Width);

        private static async Task<int> ChainAsync(int n, Func<string, int, Task<int>> step, int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                n = await step($"t{i}", n);
            }

            return n;
        }

        private static async Task<int[]> LayersAsync(int n, Func<string, int, Task<int>> step)
        {
            int[] layer = [.. Places.Select(place => n + place)];
            for (var depth = 0; depth < Width; depth++)
            {
                layer = await Task.WhenAll(Places.Select(place => step($"l{depth}x{place}", layer[place])));
            }

            return layer;
        }
    }

    /// <summary>A run.</summary>
    public interface IRunGrain : IGrainWithGuidKey
    {
        /// <summary>Runs a workload with a number.</summary>
        Task<int[]> RunAsync(string workload, int n);
    }

    /// <summary>What is kept of a run: enough to go on after a crash.</summary>
    public sealed class RunState
    {
        public string Workload { get; set; } = "";

        public int Input { get; set; }

        public Dictionary<string, int> Results { get; set; } = [];
    }

    /// <summary>A run is accepted, and a step has ended, once that is in the database. Steps that end at the same time share a write.</summary>
    public sealed class RunGrain([PersistentState("run")] IPersistentState<RunState> run) : Grain, IRunGrain
    {
        private Task _write = Task.CompletedTask;
        private Task? _next;

        public async Task<int[]> RunAsync(string workload, int n)
        {
            (run.State.Workload, run.State.Input) = (workload, n);
            await SaveAsync();
            return await Workload.All[workload].RunAsync(n, StepAsync);
        }

        private async Task<int> StepAsync(string name, int before)
        {
            if (!run.State.Results.TryGetValue(name, out var result))
            {
                run.State.Results[name] = result = before + 1;
                await SaveAsync();
            }

            return result;
        }

        private Task SaveAsync() => _next ??= SaveAfterAsync(_write);

        private async Task SaveAfterAsync(Task before)
        {
            await Task.Yield();
            await before;
            (_write, _next) = (_next!, null);
            await run.WriteStateAsync();
        }
    }

    /// <summary>The statements that the storage provider looks for in the database, for the one kind of grain there is here.</summary>
    internal static class Storage
    {
        public const string Schema =
            """
            CREATE TABLE run (n0 bigint, n1 bigint, payload bytea NOT NULL, version integer NOT NULL, PRIMARY KEY (n0, n1));
            CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);
            INSERT INTO OrleansQuery VALUES
              ('ReadFromStorageKey', 'SELECT payload AS PayloadBinary, version AS Version FROM run WHERE n0 = @GrainIdN0 AND n1 = @GrainIdN1'),
              ('WriteToStorageKey', 'INSERT INTO run VALUES (@GrainIdN0, @GrainIdN1, @PayloadBinary, 1)
                 ON CONFLICT (n0, n1) DO UPDATE SET payload = excluded.payload, version = run.version + 1 WHERE run.version = @GrainStateVersion
                 RETURNING version AS NewGrainStateVersion'),
              ('ClearStorageKey', 'DELETE FROM run WHERE n0 = @GrainIdN0 AND n1 = @GrainIdN1 RETURNING version AS NewGrainStateVersion'),
              ('DeleteStorageKey', 'DELETE FROM run WHERE n0 = @GrainIdN0 AND n1 = @GrainIdN1 RETURNING version AS NewGrainStateVersion')
            """;
    }
}
