using System.Diagnostics;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var dir = Directory.CreateTempSubdirectory().FullName;
var sw = Stopwatch.StartNew();
var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Logging.AddConsole().SetMinimumLevel(args.Contains("-v") ? LogLevel.Debug : LogLevel.Warning);
builder.Services.AddTask("echo", new Echo());
builder.Services.AddActorFlow(o => { o.Persistence.DataDirectory = dir; o.Cluster.RememberRuns = !args.Contains("--no-remember"); });
using var host = builder.Build();
await host.StartAsync();
Console.WriteLine($"started {sw.ElapsedMilliseconds}");
var engine = host.Services.GetRequiredService<WorkflowEngine>();
WorkflowDefinition Linear(int n) => new()
{
    Name = "linear" + n,
    Tasks = [.. Enumerable.Range(0, n).Select(i => new TaskDefinition { Id = "t" + i, Kind = new TaskKind.Uses("echo", Payload.Parse(i == 0 ? "{\"n\":1}" : $"{{\"n\":\"${{{{ tasks.t{i - 1}.output.n }}}}\"}}")), Needs = i == 0 ? [] : [new("t" + (i - 1), null)] })],
};
WorkflowDefinition Fan(int n) => new()
{
    Name = "fan" + n,
    Tasks = [new TaskDefinition { Id = "f", ForEach = Payload.From(Enumerable.Range(0, n)), Kind = new TaskKind.Uses("echo", Payload.Parse("{\"n\":\"${{ item }}\"}")) }],
};
async Task<double> Once(ActorFlow.Core.Workflows.DefinitionReference d)
{
    var t = Stopwatch.GetTimestamp();
    var id = await engine.StartAsync(d, Payload.Null);
    var end = await engine.EndOfAsync(id);
    if (end.Outcome != ActorFlow.Core.Workflows.RunOutcome.Completed) throw new Exception(end.Error?.ToString());
    return Stopwatch.GetElapsedTime(t).TotalMilliseconds;
}
var lin = await engine.RegisterAsync(Linear(10));
Console.WriteLine($"first {await Once(lin):0.0} total {sw.ElapsedMilliseconds}");
for (var i = 0; i < 300; i++) await Once(lin);
var times = new List<double>(); for (var i = 0; i < 100; i++) times.Add(await Once(lin));
times.Sort(); Console.WriteLine($"linear10 p50 {times[50]:0.00} p95 {times[95]:0.00}");
for (var r = 0; r < 10; r++)
{
    var t = Stopwatch.GetTimestamp(); var cpu = Process.GetCurrentProcess().TotalProcessorTime; var al = GC.GetTotalAllocatedBytes();
    await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Once(lin)));
    var s = Stopwatch.GetElapsedTime(t).TotalSeconds;
    Console.WriteLine($"200x10: {2000 / s:0} tasks/s, cpu/1000 {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / 2:0.000} alloc/step {(GC.GetTotalAllocatedBytes() - al) / 2000.0 / 1024:0.0}K");
}
foreach (var n in new[] { 1000, 1000, 1000, 10000, 10000 })
{
    var f = await engine.RegisterAsync(Fan(n));
    Console.WriteLine($"fan {n}: {await Once(f):0} ms");
}
sw.Restart();
await host.StopAsync();
Console.WriteLine($"stopped {sw.ElapsedMilliseconds}");

sealed class Echo : ITaskHandler
{
    public Task<Payload> RunAsync(Payload input, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(input);
}
