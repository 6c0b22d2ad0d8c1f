using ActorFlow;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderDesk;

/// <summary>
/// A shop's desk: orders are workflow runs on a node elsewhere (<c>Nodes</c>, by default the one of <c>actorflow dev</c>). The desk keeps nothing of its own: it
/// starts runs, sends them what has happened, and answers what they ask.
/// </summary>
public static class Desk
{
    private const string Order = "desk-order";

    /// <summary>Builds the application.</summary>
    /// <param name="args">Its command line: <c>--Nodes:0=http://...</c>, <c>--ApiKey=...</c>, <c>--urls=...</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddActorFlowClient(options =>
        {
            options.Addresses = builder.Configuration.GetSection("Nodes").Get<string[]>() ?? ["http://127.0.0.1:9110"];
            options.ApiKey = builder.Configuration["ApiKey"];
        });
        // A refusal has a category that says which status it is: whoever calls the desk learns the reason, not a stack trace.
        builder.Services.AddProblemDetails();
        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = error => error switch
            {
                NotFoundException => StatusCodes.Status404NotFound,
                InvalidRequestException => StatusCodes.Status400BadRequest,
                ConflictException or WrongStateException => StatusCodes.Status409Conflict,
                UnavailableException => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            },
        });
        app.MapPut("/orders/{number:int}", PlaceAsync);
        app.MapGet("/orders/{number:int}", ShowAsync);
        app.MapPost("/orders/{number:int}/payment", PayAsync);
        app.MapGet("/questions", QuestionsAsync);
        app.MapPost("/orders/{number:int}/approval", ApproveAsync);
        return app;
    }

    // The number names the run: however often an order is placed, one is started.
    private static async Task<Accepted<PlacedOrder>> PlaceAsync(int number, OrderRequest order, IWorkflowClient client, CancellationToken cancellationToken)
    {
        await client.Definitions.RegisterAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "order.yaml"), cancellationToken), cancellationToken: cancellationToken);
        var run = await client.StartAsync(Order, order, new StartOptions { Id = IdOf(number), Tags = { ["item"] = order.Item } }, cancellationToken);
        return TypedResults.Accepted($"/orders/{number}", new PlacedOrder(number, run.Id, run.Started!.Created));
    }

    private static async Task<Ok<OrderStatus>> ShowAsync(int number, IWorkflowClient client, CancellationToken cancellationToken)
    {
        var run = await client.DescribeAsync(IdOf(number), cancellationToken);
        var explained = await client.ExplainAsync(run.Id, cancellationToken);
        return TypedResults.Ok(new OrderStatus(number, run.Status, explained.Summary, run.Result?.Output));
    }

    // The payment's own number is the id of the command: a payment that is told twice counts once.
    private static async Task<NoContent> PayAsync(int number, Payment payment, IWorkflowClient client, CancellationToken cancellationToken)
    {
        await client.GetHandle(IdOf(number)).SignalAsync("payment", payment, payment.Reference, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<List<AskedQuestion>>> QuestionsAsync(IWorkflowClient client, CancellationToken cancellationToken)
    {
        var questions = new List<AskedQuestion>();
        await foreach (var run in client.ListAsync(new() { Status = [WorkflowStatus.Waiting], Definition = Order }, cancellationToken))
        {
            questions.AddRange((await client.DescribeAsync(run.Id, cancellationToken)).Questions.Select(question => new AskedQuestion(run.Id, question.Task, question.Prompt)));
        }

        return TypedResults.Ok(questions);
    }

    private static async Task<NoContent> ApproveAsync(int number, Approval approval, IWorkflowClient client, CancellationToken cancellationToken)
    {
        var options = new AnswerOptions { ClaimedBy = approval.By, Comment = approval.Comment };
        await client.AnswerAsync(IdOf(number), "approve", Payload.From(approval.Approved), options, cancellationToken: cancellationToken);
        return TypedResults.NoContent();
    }

    private static string IdOf(int number) => $"desk-order-{number}";
}

/// <summary>An order that is placed.</summary>
/// <param name="Item">What is ordered.</param>
/// <param name="Amount">What it costs; above 100 somebody has to approve it.</param>
public sealed record OrderRequest(string Item, decimal Amount);

/// <summary>An order that was placed.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Run">The id of its run.</param>
/// <param name="Created">Whether this call started it.</param>
public sealed record PlacedOrder(int Number, string Run, bool Created);

/// <summary>Where an order stands.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Status">The status of its run.</param>
/// <param name="Why">What it waits for, in words.</param>
/// <param name="Output">What it gave, once it has ended.</param>
public sealed record OrderStatus(int Number, WorkflowStatus Status, string Why, Payload? Output);

/// <summary>A payment.</summary>
/// <param name="Reference">Its own number.</param>
/// <param name="Amount">How much was paid.</param>
public sealed record Payment(string Reference, decimal Amount);

/// <summary>A question that waits for an answer.</summary>
/// <param name="Run">The run that asks.</param>
/// <param name="Task">The task that asks.</param>
/// <param name="Prompt">The question.</param>
public sealed record AskedQuestion(string Run, string Task, string Prompt);

/// <summary>An answer.</summary>
/// <param name="Approved">Whether the order may be shipped.</param>
/// <param name="By">Who says so.</param>
/// <param name="Comment">Why.</param>
public sealed record Approval(bool Approved, string? By = null, string? Comment = null);
